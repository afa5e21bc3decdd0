import { expectCoercions } from "./testing/expectCoercions.ts";

Deno.test("addresses: no port, no zone, no octal", () => {
  expectCoercions("inet", {
    fits: [
      ["192.168.0.1", "192.168.0.1"],
      ["10.1.2.3/8", "10.1.2.3/8"],
      ["[2001:DB8::1]", "2001:DB8::1"],
      ["::ffff:10.0.0.1", "::ffff:10.0.0.1"],
      ["::", "::"],
    ],
    refused: [
      ["192.168.0.1:80", "not_an_address"],
      ["192.168.0.256", "not_an_address"],
      ["010.0.0.1", "not_an_address"],
      ["fe80::1%eth0", "not_an_address"],
      ["1::2::3", "not_an_address"],
      ["1:2:3:4:5:6:7", "not_an_address"],
      ["1:2:3:4::5:6:7:8", "not_an_address"],
      ["10.0.0.1/33", "not_an_address"],
      [167772161, "unsupported_value"],
    ],
  });
  expectCoercions("cidr", { fits: [["10.0.0.0/8", "10.0.0.0/8"]], refused: [["10.0.0.1/8", "not_an_address"]] });
});
