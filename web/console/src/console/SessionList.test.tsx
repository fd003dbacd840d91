import { expect, it } from "vitest";
import { FakeService } from "../testing/FakeService";
import { mountInConsole } from "../testing/mount";
import { officer, summary } from "../testing/samples";
import { SessionList } from "./SessionList";

const some = { items: [summary], total: 41, page: 1, page_size: 20 };
const none = { items: [], total: 0, page: 1, page_size: 20 };

it("filters, and starts again from the first page", async () => {
  const service = new FakeService()
    .answers("GET /api/sessions?page=1", some)
    .answers("GET /api/sessions?page=2", { ...some, page: 2 })
    .answers("GET /api/sessions?page=1&state=sealed", none);
  const page = await mountInConsole(<SessionList />, service);
  expect(page.text).toContain("41 interviews");
  await page.press("Next");
  expect(page.text).toContain("Page 2 of 3");
  await page.choose("select", "sealed");
  expect(page.text).toContain("Nothing matches this filter");
  await page.press("Clear the filter");
  expect(page.text).toContain("Li Jianguo");
});

it("helps when there is nothing yet", async () => {
  const page = await mountInConsole(
    <SessionList />,
    new FakeService().answers("GET /api/sessions?page=1", none),
  );
  expect(page.text).toContain("Create one with the applicant's ID photo");
});

it("lets only those create who hold interviews", async () => {
  const service = new FakeService().answers("GET /api/sessions?page=1", none);
  const user = { ...officer, role: "compliance" as const };
  const page = await mountInConsole(<SessionList />, service, { user });
  expect(page.text).not.toContain("New interview");
});

it("keeps the way out when the service is away", async () => {
  const service = new FakeService();
  const page = await mountInConsole(<SessionList />, service);
  service.answers("GET /api/sessions?page=1", some);
  await page.press("Try again");
  expect(page.text).toContain("Li Jianguo");
});
