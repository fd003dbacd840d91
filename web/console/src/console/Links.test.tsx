import { expect, it } from "vitest";
import { mount } from "../testing/mount";
import type { CallStatus } from "../types";
import { Links } from "./Links";

const call: CallStatus = {
  applicant: { connected: true, kbps: 812.4, fps: 29.7, loss: 0.004 },
  officer: { connected: false, kbps: 0, fps: 0, loss: 0 },
  analysis: { state: "running", level: 0, lag_s: 0.42 },
};

it("says how both connections and the analysis are doing", async () => {
  const page = await mount(<Links call={call} />);
  expect(page.text).toBe("Applicant812 kbit/s · 30 fps · loss 0.40%Younot connectedAnalysis 0.4 s behind");
});

it.each([
  [{ state: "running", level: 2, lag_s: 3 }, "Analysis 3.0 s behind, rate reduced (2)"],
  [{ state: "restarting", level: 0, lag_s: 0 }, "Analysis is restarting"],
  [{ state: "idle", level: 0, lag_s: 0 }, "Analysis waits for media"],
] as const)("names the analysis %o", async (analysis, words) => {
  expect((await mount(<Links call={{ ...call, analysis }} />)).find("[role=status]").textContent).toBe(words);
});

it("is empty before anything is known", async () => {
  expect((await mount(<Links call={null} />)).text).toBe("");
});
