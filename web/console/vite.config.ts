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
    setupFiles: ["src/testing/setup.ts"],
    // One browser-like environment for all files makes the run ten times faster; setup.ts leaves nothing behind.
    isolate: false,
    css: { include: /tokens\.css/ },
    onConsoleLog: (log) => {
      throw new Error(`the console must stay silent, it said: ${log}`);
    },
  },
});
