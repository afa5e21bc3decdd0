/** The address of another database on the server of `url`, for `user` where one is given. */
export function databaseUrl(
  url: string,
  database: string,
  user?: { readonly name: string; readonly password: string },
): string {
  const address = new URL(url);
  address.pathname = `/${database}`;
  if (user !== undefined) {
    address.username = user.name;
    address.password = user.password;
  }
  return address.href;
}
