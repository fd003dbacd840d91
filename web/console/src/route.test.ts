import { describe, expect, it } from "vitest";
import { followAddress, hrefOf, parse, type Route, route } from "./route";

const ROUTES: Route[] = [
  { page: "list" },
  { page: "new" },
  { page: "users" },
  { page: "session", id: "a b/c" },
];

describe("route", () => {
  it.each(ROUTES)("comes back from its own address: %o", (one) => expect(parse(hrefOf(one))).toEqual(one));

  it("is the list for anything else", () => expect(parse("#/nothing/here")).toEqual({ page: "list" }));

  it("follows the address bar until told to stop", () => {
    const stop = followAddress();
    location.hash = "#/users";
    dispatchEvent(new Event("hashchange"));
    expect(route.value).toEqual({ page: "users" });
    stop();
    location.hash = "#/new";
    dispatchEvent(new Event("hashchange"));
    expect(route.value).toEqual({ page: "users" });
  });
});
