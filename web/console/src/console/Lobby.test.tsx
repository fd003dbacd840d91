import { expect, it } from "vitest";
import { mountInConsole } from "../testing/mount";
import { officerCall } from "../testing/officerCall";
import { detail } from "../testing/samples";
import { Lobby } from "./Lobby";

const shared = { call: null, onChange: () => {} };

it("says how far the applicant has come and what they refused", async () => {
  const page = await mountInConsole(
    <Lobby detail={{ ...detail, state: "consented" }} officer={officerCall()} {...shared} />,
  );
  const steps = [...page.root.querySelectorAll("li")].map((one) => [
    one.textContent,
    one.hasAttribute("data-done"),
  ]);
  expect(steps).toEqual([
    ["Link opened", true],
    ["Consent givenRefused: voice", true],
    ["Ready in the call", false],
  ]);
});

it("does not call a refusal what nobody was asked", async () => {
  const consent = detail.consent && { ...detail.consent, behaviour: false };
  const there: typeof detail = { ...detail, consent, asked: ["recording", "face", "voice"] };
  const page = await mountInConsole(<Lobby detail={there} officer={officerCall()} {...shared} />);
  expect(page.text).toContain("Refused: voice");
  expect(page.text).not.toContain("behaviour");
});

it("lets the officer in, without devices if they cannot be had", async () => {
  const officer = officerCall({ problem: { code: "denied", detail: "" } });
  const page = await mountInConsole(<Lobby detail={detail} officer={officer} {...shared} />);
  expect(page.find("[role=alert]").textContent).toContain("blocked the camera");
  await page.press("Join the call");
  await page.press("Join without camera and microphone");
  expect(officer.asked).toEqual(["join", "join silently"]);
});

it("shows no way in to those who do not take part", async () => {
  const page = await mountInConsole(
    <Lobby detail={{ ...detail, allowed: [] }} officer={officerCall()} {...shared} />,
  );
  expect(page.text).not.toContain("Join the call");
});
