using Codius.EmbeddedRedis;

// The embedded Redis in a process of its own, so that a test can kill it: started on a folder, it prints its socket and
// runs until its standard input ends.
using var server = EmbeddedRedisServer.Start(args[0]);
Console.WriteLine(server.SocketPath);
await Console.In.ReadToEndAsync();
