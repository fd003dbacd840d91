import { expect, it } from "vitest";
import { FakeService } from "../testing/FakeService";
import { mountInConsole, type Page } from "../testing/mount";
import { detail, summary } from "../testing/samples";
import { NewInterview } from "./NewInterview";

const photo = new File(["jpeg"], "id.jpg", { type: "image/jpeg" });

async function pick(page: Page) {
  const input = page.find<HTMLInputElement>("input[type=file]");
  Object.defineProperty(input, "files", { value: [photo] });
  await page.fire(input, "change");
}

it("asks for what is missing before asking the service", async () => {
  const service = new FakeService();
  const page = await mountInConsole(<NewInterview />, service);
  await page.submit();
  expect([...page.root.querySelectorAll("[role=alert]")].map((one) => one.textContent)).toEqual([
    "Enter the applicant's name.",
    "Choose the applicant's ID photo.",
  ]);
  expect(service.asked).toEqual([]);
});

it("loses nothing when the photo is refused, and goes to the interview when it is taken", async () => {
  const service = new FakeService().refuses("POST /api/sessions", "enrolment_failed");
  const page = await mountInConsole(<NewInterview />, service);
  await page.type("[name=applicant_name]", " Li Jianguo ");
  await pick(page);
  await page.submit();
  expect(page.text).toContain("enrolment_failed in English");
  expect(page.text).toContain("id.jpg");
  service.answers("POST /api/sessions", detail, 201);
  await page.submit();
  const form = service.sentTo("POST /api/sessions").at(-1) as FormData;
  expect([form.get("applicant_name"), form.get("product"), form.get("voice_reference")]).toEqual([
    "Li Jianguo",
    "trade",
    null,
  ]);
  expect(form.get("id_photo")).toBeInstanceOf(File);
  expect(location.hash).toBe("#/sessions/s1");
});

it("takes the voice from an earlier interview, and forgets it when the name is another", async () => {
  const found = {
    items: [{ ...summary, id: "e1", state: "decided", decision: "approve" }],
    total: 1,
    page: 1,
    page_size: 25,
  };
  const service = new FakeService()
    .answers("GET /api/sessions?page=1&state=decided&q=Li+Jianguo", found)
    .answers("GET /api/sessions?page=1&state=decided&q=Li+Jian", { ...found, items: [], total: 0 })
    .answers("POST /api/sessions", detail, 201);
  const page = await mountInConsole(<NewInterview />, service);
  const name = page.find<HTMLInputElement>("[name=applicant_name]");
  await page.type("[name=applicant_name]", "Li Jianguo");
  expect(page.has("[name=voice_from]")).toBe(false);
  await page.fire(name, "blur");
  await page.choose("[name=voice_from]", "e1");
  await pick(page);
  await page.submit();
  await page.type("[name=applicant_name]", "Li Jian");
  await page.fire(name, "blur");
  await page.submit();
  const sent = service.sentTo("POST /api/sessions") as FormData[];
  expect(sent.map((form) => form.get("voice_from"))).toEqual(["e1", null]);
});
