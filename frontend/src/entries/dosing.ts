// The dosing room.
import { DosingRoom } from "../dosing/room.js";

const root = document.getElementById("dosing");
if (root) new DosingRoom(root).open();
