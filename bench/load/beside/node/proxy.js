// http-proxy with two workers; each request's price is taken by a Redis script before it is forwarded.
'use strict';
const cluster = require('node:cluster');
const fs = require('node:fs');
const http = require('node:http');

if (cluster.isPrimary) {
  for (let i = 0; i < 2; i++) cluster.fork();
} else {
  const Redis = require('ioredis');
  const agent = new http.Agent({ keepAlive: true, maxSockets: 128, maxFreeSockets: 128 });
  const proxy = require('http-proxy').createProxyServer({ target: process.env.APP_URL, agent, xfwd: true });
  proxy.on('error', (_, __, res) => { res.statusCode = 502; res.end(); });
  const redis = new Redis(Number(process.env.REDIS_PORT), '127.0.0.1', { enableAutoPipelining: true });
  redis.defineCommand('charge', { numberOfKeys: 1, lua: fs.readFileSync(process.env.CHARGE_SCRIPT, 'utf8') });
  const host = (req) => (req.headers.host || '').replace(/:\d+$/, '');
  http.createServer((req, res) => {
    redis.charge(`account:${host(req)}`, '1').then(
      (taken) => {
        if (taken === 1) return proxy.web(req, res);
        res.statusCode = 402;
        res.end();
      },
      () => { res.statusCode = 503; res.end(); });
  }).listen(Number(process.env.PORT), '127.0.0.1');
}
