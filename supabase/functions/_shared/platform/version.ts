/** The version of Ballast that is running: the one place it is written. */
export const ballastVersion = "0.1.0";
