import { expect, it } from "vitest";
import { mount } from "../testing/mount";
import { config, summary } from "../testing/samples";
import { SessionTable } from "./SessionTable";

const now = new Date("2027-01-01T00:00:00Z");

it("shows a row per interview, in words", async () => {
  const page = await mount(<SessionTable items={[summary]} products={config.products} now={now} />);
  const cells = [...page.root.querySelectorAll("tbody td")].map((cell) => cell.textContent);
  expect(cells).toEqual([
    "Li Jianguo",
    "Live",
    "Trade finance",
    "2026-11-24",
    "Wang Min",
    "1:05",
    "1.2%",
    "Proceed",
    "–",
  ]);
  expect(page.button("Li Jianguo").getAttribute("href")).toBe("#/sessions/s1");
});

it("invents nothing that is not there, and labels what was simulated", async () => {
  const bare = {
    ...summary,
    product: "gone",
    probability: null,
    band: null,
    duration_s: null,
    simulated: true,
  };
  const page = await mount(<SessionTable items={[bare]} products={[]} now={now} />);
  expect(page.text).toContain("Li JianguoSimulated");
  expect(page.text).toMatch(/gone.*Wang Min–––––?$/);
});
