import { defineConfig } from "vitest/config";

export default defineConfig({
  appType: "mpa",
  server: { proxy: { "/api": "http://127.0.0.1:8700" } },
  build: {
    outDir: "../static",
    emptyOutDir: true,
    target: "es2022",
    assetsInlineLimit: 0,
    rollupOptions: { input: ["index.html", "join.html"] },
  },
  test: {
    environment: "happy-dom",
    include: ["src/**/*.test.{ts,tsx}"],
    restoreMocks: true,
    onConsoleLog: (log) => {
      throw new Error(`the console must stay silent, it said: ${log}`);
    },
  },
});
