import { useState } from "preact/hooks";
import { expect, it } from "vitest";
import { FakeService } from "../testing/FakeService";
import { mountInConsole } from "../testing/mount";
import { summary } from "../testing/samples";
import { NO_VOICE, putVoice, VoiceSource } from "./VoiceSource";

const FOUND = "GET /api/sessions?page=1&state=decided&q=Li+Jianguo";
const listed = [
  { ...summary, id: "approved", state: "decided", decision: "approve" },
  { ...summary, id: "declined", state: "decided", decision: "decline" },
  { ...summary, id: "namesake", state: "decided", decision: "approve", applicant_name: "Li Jianguo Jr" },
];
const found = { items: listed, total: 3, page: 1, page_size: 25 };
const sound = new File(["RIFF"], "voice.wav", { type: "audio/wav" });

function Chooser({ applicant }: { applicant: string }) {
  const [voice, setVoice] = useState(NO_VOICE);
  const form = new FormData();
  putVoice(form, voice);
  return (
    <>
      <VoiceSource applicant={applicant} voice={voice} onChange={setVoice} />
      <output>{[...form.keys()].map((key) => `${key}=${String(form.get(key))}`).join()}</output>
    </>
  );
}

it("offers only approved interviews with this very applicant", async () => {
  const page = await mountInConsole(
    <Chooser applicant=" Li Jianguo " />,
    new FakeService().answers(FOUND, found),
  );
  const options = [...page.root.querySelectorAll("option")].map((one) => one.value);
  expect(options).toEqual(["", "approved"]);
  await page.choose("select", "approved");
  expect(page.find("output").textContent).toBe("voice_from=approved");
});

it("asks for nobody's interviews and offers none where there is none", async () => {
  const service = new FakeService().answers(FOUND, { ...found, items: [] });
  const page = await mountInConsole(<Chooser applicant="" />, service);
  expect(service.asked).toEqual([]);
  expect(page.root.querySelector("select")).toBeNull();
  const other = await mountInConsole(<Chooser applicant="Li Jianguo" />, service);
  expect(other.root.querySelector("select")).toBeNull();
});

it("says that it could not look, and looks again", async () => {
  const service = new FakeService().refuses(FOUND, "unavailable", 503);
  const page = await mountInConsole(<Chooser applicant="Li Jianguo" />, service);
  expect(page.text).toContain("unavailable in English");
  service.answers(FOUND, found);
  await page.press("Try again");
  expect(page.has("select")).toBe(true);
});

it("takes a recording in place of an interview", async () => {
  const page = await mountInConsole(
    <Chooser applicant="Li Jianguo" />,
    new FakeService().answers(FOUND, found),
  );
  await page.choose("select", "approved");
  const input = page.find<HTMLInputElement>("input[type=file]");
  Object.defineProperty(input, "files", { value: [sound] });
  await page.fire(input, "change");
  expect(page.find("output").textContent).toBe("voice_reference=[object Blob]");
  expect(page.root.querySelector("select")).toBeNull();
});
