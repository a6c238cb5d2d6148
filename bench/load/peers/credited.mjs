// Credits STREAM packets and receipts in Redis as Node implementations do: @interledger/stream-receiver with an INCRBY for each packet, and
// the receipt verifier's script, with ilp-protocol-stream's verification. args: {redis, seed}. Writes {port} once it listens.
// A line in, {make: count}: as many credentials, {address, secret} each on a line of its own.
import { createServer } from 'node:http'
import { createHmac, randomBytes } from 'node:crypto'
import { createInterface } from 'node:readline'
import { StreamServer } from '@interledger/stream-receiver'
import { deserializeIlpPrepare, isFulfill, isReject, serializeIlpReply } from 'ilp-packet'
import stream from 'ilp-protocol-stream/dist/src/util/receipt.js'
import { Redis } from 'ioredis'

const args = JSON.parse(process.argv[2])
const seed = Buffer.from(args.seed, 'base64')
const server = new StreamServer({ serverSecret: randomBytes(32), serverAddress: 'test.load' })
const redis = new Redis(args.redis, { enableAutoPipelining: true })
redis.defineCommand('creditReceipt', {
  numberOfKeys: 2,
  lua: `
    local known = redis.call('GET', KEYS[1])
    if known and tonumber(known) >= tonumber(ARGV[1]) then return 0 end
    redis.call('SET', KEYS[1], ARGV[1], 'EX', 300)
    return redis.call('INCRBY', KEYS[2], string.format('%.0f', tonumber(ARGV[1]) - tonumber(known or '0')))`,
})

async function answer(prepare) {
  const money = server.createReply(prepare)
  if (isFulfill(money) || isReject(money)) return money
  await redis.incrby(`balance:${money.connectionId}`, prepare.amount)
  return money.accept()
}

async function credit(account, text) {
  const receipt = stream.verifyReceipt(Buffer.from(text, 'base64'), ({ nonce }) => createHmac('sha256', seed).update(nonce).digest())
  return redis.creditReceipt(
    `receipt:${receipt.nonce.toString('base64')}:${receipt.streamId}`, `balance:${account}`, receipt.totalReceived.toString())
}

async function reply(request, body, response) {
  if (request.url === '/ilp') {
    if (request.headers.authorization !== 'Bearer 0123456789abcdef-load') return response.writeHead(401).end()
    const packet = serializeIlpReply(await answer(deserializeIlpPrepare(body)))
    return response.writeHead(200, { 'content-type': 'application/octet-stream', 'content-length': packet.length }).end(packet)
  }
  const balance = (await credit(request.url.slice('/balances/'.length, -':creditReceipt'.length), body.toString())).toString()
  return response.writeHead(balance === '0' ? 400 : 200, { 'content-type': 'text/plain', 'content-length': balance.length }).end(balance)
}

const http = createServer((request, response) => {
  const chunks = []
  request.on('data', chunk => chunks.push(chunk))
  request.on('end', () => reply(request, Buffer.concat(chunks), response).catch(() => response.writeHead(500).end()))
})
http.keepAliveTimeout = 60000
http.listen(0, '127.0.0.1', () => console.log(JSON.stringify({ port: http.address().port })))

createInterface({ input: process.stdin }).on('line', line => {
  for (let left = JSON.parse(line).make; left > 0; left--) {
    const { ilpAddress, sharedSecret } = server.generateCredentials({ asset: { code: 'XYZ', scale: 9 } })
    console.log(JSON.stringify({ address: ilpAddress, secret: sharedSecret.toString('base64') }))
  }
}).on('close', () => process.exit(0))
