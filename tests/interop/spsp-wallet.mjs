// @interledger/stream-receiver behind an SPSP server, as the host's receiving wallet: args {prefix, token, asset}. Writes {port} once it
// listens. GET anything -> SPSP, with receipts if nonce and secret are sent; POST anything -> ILP over HTTP. Line in:
// {report: true} -> {total, packets}
import { createServer } from 'node:http'
import { randomBytes } from 'node:crypto'
import { StreamServer } from '@interledger/stream-receiver'
import { deserializeIlpPrepare, isFulfill, isReject, serializeIlpReply } from 'ilp-packet'
import { args, onLine, write } from './lines.mjs'

const server = new StreamServer({ serverSecret: randomBytes(32), serverAddress: args.prefix })
const totals = new Map()
let packets = 0

function setUp({ headers }) {
  const [nonce, secret] = [headers['receipt-nonce'], headers['receipt-secret']]
  const receiptSetup = nonce && secret ? { nonce: Buffer.from(nonce, 'base64'), secret: Buffer.from(secret, 'base64') } : undefined
  const { ilpAddress, sharedSecret } = server.generateCredentials({ asset: args.asset, receiptSetup })
  return JSON.stringify({
    destination_account: ilpAddress,
    shared_secret: sharedSecret.toString('base64'),
    receipts_enabled: receiptSetup !== undefined,
  })
}

function answer(prepare) {
  packets++
  const money = server.createReply(prepare)
  if (isFulfill(money) || isReject(money)) return money
  const total = (totals.get(money.connectionId) ?? 0n) + BigInt(prepare.amount)
  totals.set(money.connectionId, total)
  money.setTotalReceived(total.toString())
  return money.accept()
}

const http = createServer((request, response) => {
  if (request.method === 'GET') return response.writeHead(200, { 'content-type': 'application/spsp4+json' }).end(setUp(request))
  if (request.headers.authorization !== `Bearer ${args.token}`) return response.writeHead(401).end()
  const chunks = []
  request.on('data', chunk => chunks.push(chunk))
  request.on('end', () => {
    const reply = serializeIlpReply(answer(deserializeIlpPrepare(Buffer.concat(chunks))))
    response.writeHead(200, { 'content-type': 'application/octet-stream', 'content-length': reply.length }).end(reply)
  })
})
http.keepAliveTimeout = 60000
http.listen(0, '127.0.0.1', () => write({ port: http.address().port, ready: true }))

onLine(line => {
  if (line.report) write({ total: [...totals.values()].reduce((sum, part) => sum + part, 0n), packets })
})
