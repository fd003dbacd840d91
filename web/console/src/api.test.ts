import { describe, expect, it } from "vitest";
import { sessionUrl } from "./api";
import { FakeService } from "./testing/FakeService";

describe("api", () => {
  it("asks for sessions with only the filters that are set", async () => {
    const service = new FakeService();
    await service.api().sessions({ state: "", q: "  ", page: 2 });
    await service.api().sessions({ state: "live", q: "李", page: 1 });
    expect(service.asked.map((one) => one.path)).toEqual([
      "/api/sessions?page=2",
      "/api/sessions?page=1&state=live&q=%E6%9D%8E",
    ]);
  });

  it("keeps an id in its place", () => {
    expect(sessionUrl("a/../b", "id-photo")).toBe("/api/sessions/a%2F..%2Fb/id-photo");
  });

  it("sends an offer as RTCPeerConnection gives it", async () => {
    const service = new FakeService().answers("POST /api/join/tok/offer", { sdp: "answer", type: "answer" });
    const result = await service.joinApi().offer("v=0");
    expect(result).toEqual({ ok: true, value: { sdp: "answer", type: "answer" } });
    expect(service.sentTo("POST /api/join/tok/offer")).toEqual([{ sdp: "v=0", type: "offer" }]);
  });
});
