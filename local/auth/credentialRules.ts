import { AuthError } from "./authError.ts";

const longestEmail = 255;
const shortestPassword = 6;
/** Bcrypt reads 72 bytes and drops the rest unseen. */
const longestPasswordBytes = 72;

// One @, no white space or control characters, a host with a dot or localhost.
const hostLabel = "[a-z0-9](?:[a-z0-9-]*[a-z0-9])?";
const emailShape = new RegExp(`^[^\\s@\\p{Cc}"(),:;<>[\\]\\\\]+@(?:localhost|${hostLabel}(?:\\.${hostLabel})+)$`, "u");

/** The e-mail as it is kept and looked up: case and outer spaces do not tell people apart. */
export function normalizeEmail(email: unknown): string {
  const normal = typeof email === "string" ? email.trim().toLowerCase() : "";
  if (normal.length > longestEmail || !emailShape.test(normal)) {
    throw new AuthError(400, "validation_failed", "Unable to validate email address: invalid format");
  }
  return normal;
}

/** A password that may be set. */
export function checkNewPassword(password: unknown): string {
  if (typeof password !== "string" || password === "" || password.includes("\0")) {
    throw new AuthError(400, "validation_failed", "Signup requires a valid password");
  }
  if (new TextEncoder().encode(password).length > longestPasswordBytes) {
    throw new AuthError(400, "validation_failed", "Password cannot be longer than 72 characters");
  }
  if ([...password].length < shortestPassword) {
    throw new AuthError(422, "weak_password", `Password should be at least ${shortestPassword} characters.`, {
      weak_password: { reasons: ["length"] },
    });
  }
  return password;
}

/** What a person may tell about themselves: an object, or nothing. */
export function checkMetadata(data: unknown): Record<string, unknown> {
  if (data === undefined || data === null) return {};
  if (typeof data !== "object" || Array.isArray(data)) {
    throw new AuthError(400, "validation_failed", "User metadata must be a JSON object");
  }
  return data as Record<string, unknown>;
}
