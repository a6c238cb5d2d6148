// How a .NET test and a program here talk: one JSON object per line, in on stdin, out on stdout. The program ends when its stdin does.
import { createInterface } from 'node:readline'

export const args = JSON.parse(process.argv[2] ?? '{}')

export function say(message) {
  process.stdout.write(JSON.stringify(message, (_, value) => (typeof value === 'bigint' ? value.toString() : value)) + '\n')
}

export function onLine(handle) {
  createInterface({ input: process.stdin })
    .on('line', line => Promise.resolve(handle(JSON.parse(line))).catch(fail))
    .on('close', () => process.exit(0))
}

export function fail(error) {
  say({ failed: String(error?.stack ?? error) })
}

process.on('uncaughtException', fail)
process.on('unhandledRejection', fail)
