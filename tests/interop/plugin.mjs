// The real HTTP plugin of the JavaScript world, both directions.
import PluginHttp from 'ilp-plugin-http'

/** @param {{url: string, token: string, http2?: boolean}} peer where packets go, and the token of both directions */
export function httpPlugin({ url, token, http2 = false }) {
  return new PluginHttp({
    incoming: { port: 0, staticToken: token },
    outgoing: { url, staticToken: token, http2, name: 'interop' },
  })
}

/** The port that the plugin listens on, once connected. */
export const portOf = plugin => plugin._httpServer.address().port
