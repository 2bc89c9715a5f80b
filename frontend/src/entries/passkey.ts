// The pages of the sign-in that use a passkey.
import { keepPasskeys } from "../passkeys.js";

keepPasskeys(document);
