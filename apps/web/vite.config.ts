import react from '@vitejs/plugin-react'
import { defaultClientConditions, defineConfig } from 'vite'

/** Where the API listens while the page is served by `vite`; in production one server does both. */
const api = process.env.COOPERAGE_API_URL ?? 'http://127.0.0.1:3000'

export default defineConfig({
  plugins: [react()],
  // The sibling packages are read from their sources, so that no build of theirs has to come first.
  resolve: { conditions: ['@cooperage/source', ...defaultClientConditions] },
  server: {
    host: '127.0.0.1',
    port: 5173,
    // The API checks the Origin header, so the page's own origin must reach it as the API's.
    proxy: { '/api': { target: api, changeOrigin: true, headers: { origin: new URL(api).origin } } },
  },
  build: {
    outDir: 'dist',
    target: 'es2022',
    // A strict Content-Security-Policy refuses data: fonts and scripts; small images may stay inline.
    modulePreload: { polyfill: false },
  },
})
