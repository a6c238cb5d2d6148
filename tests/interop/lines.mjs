// The protocol between a .NET test and a program here: one JSON object per line, in on stdin, out on stdout. The program ends with stdin.
import { createInterface } from 'node:readline'

export const args = JSON.parse(process.argv[2] ?? '{}')

export function write(message) {
  process.stdout.write(JSON.stringify(message, (_, value) => (typeof value === 'bigint' ? value.toString() : value)) + '\n')
}

export function onLine(handle) {
  createInterface({ input: process.stdin })
    .on('line', line => Promise.resolve(handle(JSON.parse(line))).catch(fail))
    .on('close', () => process.exit(0))
}

export function fail(error) {
  write({ failed: String(error?.stack ?? error) })
}

process.on('uncaughtException', fail)
process.on('unhandledRejection', fail)
