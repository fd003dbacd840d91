import { expect, it } from "vitest";
import { mount } from "../testing/mount";
import { reading } from "../testing/samples";
import { CueList } from "./CueList";
import { cuesOf } from "./cues";

it("is a list with a name, whose signs say which way each cue points", async () => {
  const covariates = { cue_rigid: -0.2, cue_no_browser: 2.5 };
  const page = await mount(<CueList cues={cuesOf(reading({ covariates }))} />);
  expect(page.find("ul").getAttribute("aria-label")).toBe(
    "What it saw, in points before calibration (above 0 towards fraud)",
  );
  const items = [...page.root.querySelectorAll("li")].map((item) => item.textContent);
  expect(items).toEqual(["Packets not timed by a browser +2.5", "Frames as regular as a file's −0.2"]);
});

it("says so where nothing stood out", async () => {
  const page = await mount(<CueList cues={[]} />);
  expect(page.text).toBe("Nothing stood out.");
});
