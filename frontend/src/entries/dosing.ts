// The dosing room: what every page does, and what the room does beyond.
import "./page.js";
import "../dosing/room.css";
import { DosingRoom } from "../dosing/room.js";

const root = document.getElementById("dosing");
if (root) new DosingRoom(root).open();
