import { expect, it } from "vitest";
import { language } from "../i18n";
import { mount } from "../testing/mount";
import { LanguageSwitch } from "./LanguageSwitch";

it("changes the language of the page and names itself in the new one", async () => {
  const page = await mount(<LanguageSwitch />);
  await page.choose("select", "zh-Hans");
  expect(language.value).toBe("zh-Hans");
  expect(page.find("select").getAttribute("aria-label")).toBe("语言");
});
