import { render } from "preact";
import { act } from "preact/test-utils";
import { expect, it } from "vitest";
import { mount } from "../testing/mount";
import { FilePick } from "./FilePick";

const file = new File(["x".repeat(2300)], "id.jpg", { type: "image/jpeg" });
const shared = { label: "ID photo", hint: "One face", accept: "image/*" };

it("asks for a file and says what is wrong", async () => {
  const page = await mount(<FilePick {...shared} file={null} error="Choose one." onPick={() => {}} />);
  expect(page.text).toContain("One face");
  expect(page.find("[role=alert]").textContent).toBe("Choose one.");
});

it("shows the file and lets it go", async () => {
  const picked: (File | null)[] = [];
  const page = await mount(
    <FilePick {...shared} file={file} preview="blob:x" onPick={(one) => picked.push(one)} />,
  );
  expect(page.text).toContain("id.jpg · 2 kB");
  expect(page.find("img").getAttribute("src")).toBe("blob:x");
  await page.press("Remove");
  expect(picked).toEqual([null]);
});

it("shows no broken picture for a file that is none, and the next one again", async () => {
  const pick = (preview: string) => <FilePick {...shared} file={file} preview={preview} onPick={() => {}} />;
  const page = await mount(pick("blob:x"));
  await page.fire(page.find("img"), "error");
  expect(page.has("img")).toBe(false);
  await act(() => render(pick("blob:y"), page.root));
  expect(page.find("img").getAttribute("src")).toBe("blob:y");
});
