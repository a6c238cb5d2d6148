// @interledger/stream-receiver behind Node's http as the receiver: args {package, token, prefix, asset}. Writes {port} once it listens.
// Lines in: {make: {nonce, secret}} -> {address, secret}; {report: true} -> {total, packets}
import { createServer } from 'node:http'
import { randomBytes } from 'node:crypto'
import { deserializeIlpPrepare, isFulfill, isReject, serializeIlpReply } from 'ilp-packet'
import { args, onLine, write } from './lines.mjs'

const { StreamServer } = await import(args.package)
const server = new StreamServer({ serverSecret: randomBytes(32), serverAddress: args.prefix })
const totals = new Map()
let packets = 0

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
  if (line.make) {
    const { ilpAddress, sharedSecret } = server.generateCredentials({
      asset: args.asset,
      receiptSetup: line.make.nonce
        ? { nonce: Buffer.from(line.make.nonce, 'base64'), secret: Buffer.from(line.make.secret, 'base64') }
        : undefined,
    })
    write({ address: ilpAddress, secret: sharedSecret.toString('base64') })
  }
  if (line.report) write({ total: [...totals.values()].reduce((sum, part) => sum + part, 0n), packets })
})
