import { expect, it } from "vitest";
import { whyNot } from "./passkeys.js";

it("says what a person can do when the device gives no key", () => {
  expect(whyNot({ code: "ERROR_AUTHENTICATOR_PREVIOUSLY_REGISTERED" })).toContain("already");
  expect(whyNot({ code: "ERROR_AUTHENTICATOR_MISSING_USER_VERIFICATION_SUPPORT" })).toContain("cannot keep a passkey");
  expect(whyNot({ name: "NotAllowedError", code: "ERROR_PASSTHROUGH_SEE_CAUSE_PROPERTY" })).toContain("nothing was changed");
  expect(whyNot(new TypeError("no line"))).toContain("Try again");
});
