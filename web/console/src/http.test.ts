import { describe, expect, it } from "vitest";
import { createHttp, csrfToken } from "./http";

const answering = (response: Response) => createHttp({ fetch: async () => response, cookies: () => "" });

describe("http", () => {
  it("gives the body of a good answer", async () => {
    expect(await answering(Response.json({ a: 1 })).get("/x")).toEqual({ ok: true, value: { a: 1 } });
  });

  it("gives nothing for 204", async () => {
    expect(await answering(new Response(null, { status: 204 })).post("/x")).toEqual({
      ok: true,
      value: undefined,
    });
  });

  it("keeps the service's own sentences", async () => {
    const body = {
      code: "enrolment_failed",
      message: "No face.",
      message_zh: "没有人脸。",
      field: "id_photo",
    };
    const result = await answering(Response.json(body, { status: 422 })).post("/x", {});
    expect(result).toEqual({
      ok: false,
      failure: { code: "enrolment_failed", status: 422, message: "No face.", messageZh: "没有人脸。" },
    });
  });

  it("words a failure whose body is not ours", async () => {
    const result = await answering(new Response("<html>", { status: 502 })).get("/x");
    expect(result).toMatchObject({ ok: false, failure: { code: "http_502", status: 502 } });
  });

  it("says so when no answer comes", async () => {
    const http = createHttp({ fetch: () => Promise.reject(new TypeError("down")), cookies: () => "" });
    expect(await http.get("/x")).toMatchObject({ ok: false, failure: { code: "network", status: 0 } });
  });

  it("sends the token with changes only, and JSON as JSON", async () => {
    const sent: RequestInit[] = [];
    const http = createHttp({
      fetch: async (_, init) => {
        sent.push(init);
        return Response.json({});
      },
      cookies: () => "a=b; candor_csrf=a%3Db",
    });
    await http.get("/x");
    await http.post("/x", { n: 1 });
    expect(sent[0]?.headers).not.toHaveProperty("X-CSRF-Token");
    expect(sent[1]?.headers).toMatchObject({ "X-CSRF-Token": "a=b", "Content-Type": "application/json" });
    expect(sent[1]?.body).toBe('{"n":1}');
  });

  it("leaves the content type of a form to the browser", async () => {
    let headers: HeadersInit | undefined;
    const http = createHttp({
      fetch: async (_, init) => {
        headers = init.headers;
        return Response.json({});
      },
      cookies: () => "",
    });
    await http.post("/x", new FormData());
    expect(headers).not.toHaveProperty("Content-Type");
  });

  it("tells when nobody is signed in", async () => {
    let told = 0;
    const http = createHttp({
      fetch: async () => new Response("{}", { status: 401 }),
      cookies: () => "",
      onSignedOut: () => {
        told += 1;
      },
    });
    await http.get("/x");
    expect(told).toBe(1);
  });

  it("finds no token where there is none", () => {
    expect(csrfToken("other=1; not_candor_csrf=2")).toBe("");
  });
});
