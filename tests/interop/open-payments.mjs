// @interledger/open-payments as a client. Serves its wallet address on a port of its own, writes {ready: url}, and then makes the
// calls it reads, with answers validated against the specification. Lines in: {call: "incomingPayment.create", with: [...]} -> {answer} or
// {refused: {status, code, description}}
import { createServer } from 'node:http'
import { generateKeyPairSync } from 'node:crypto'
import dns from 'node:dns'
import { createAuthenticatedClient, OpenPaymentsClientError } from '@interledger/open-payments'
import { onLine, write } from './lines.mjs'

// All host names of the test are this machine.
dns.lookup = (_host, options, done = options) =>
  (options?.all ? done(null, [{ address: '127.0.0.1', family: 4 }]) : done(null, '127.0.0.1', 4))

const { privateKey, publicKey } = generateKeyPairSync('ed25519')
const keyId = 'payer'
const jwk = { ...publicKey.export({ format: 'jwk' }), kid: keyId, alg: 'EdDSA' }

const http = createServer((request, response) => {
  if (!request.url.endsWith('/jwks.json')) return response.writeHead(404).end()
  response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ keys: [jwk] }))
})
await new Promise(done => http.listen(0, '127.0.0.1', done))
const walletAddressUrl = `http://127.0.0.1:${http.address().port}/payer`
const client = await createAuthenticatedClient({ walletAddressUrl, privateKey, keyId, validateResponses: true })

onLine(async line => {
  const [part, call] = line.call.split('.')
  const withBareKey = line.bare ? [{ jwk }] : []
  try {
    write({ answer: (await client[part][call](...line.with, ...withBareKey)) ?? null })
  } catch (error) {
    if (!(error instanceof OpenPaymentsClientError)) throw error
    const { status, code, description, validationErrors: faults } = error
    write({ answer: null, refused: { status: status ?? null, code: code ?? null, description, faults: faults ?? null } })
  }
})
write({ ready: walletAddressUrl })
