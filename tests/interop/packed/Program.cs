using System.Net;
using System.Security.Cryptography;
using Interledger.Net.Packets;
using Interledger.Net.Streaming.Receiving;

var receiver = new StreamReceiver(new StreamReceiverOptions
{
    Address = IlpAddress.Parse("test.console"),
    AssetCode = "XYZ",
    AssetScale = 9,
    Secret = new StreamServerSecret(1, RandomNumberGenerator.GetBytes(32)),
});
var me = receiver.Create(new StreamTokenClaims { AccountId = "me", ExpiresAt = DateTimeOffset.UtcNow.AddHours(1) });
using var http = new HttpListener { Prefixes = { args[0] } };
http.Start();
Console.WriteLine($$"""{"address":"{{me.DestinationAccount}}","secret":"{{me.SharedSecret.ToBase64()}}"}""");

for (var total = 0UL; total < ulong.Parse(args[1]);)
{
    var context = await http.GetContextAsync();
    var packet = new MemoryStream();
    await context.Request.InputStream.CopyToAsync(packet);
    if (!receiver.TryReceive(packet.ToArray(), out var decision, out var error)) throw new InvalidDataException($"{error}");
    if (!decision.IsFinished) total += decision.Money.Amount;
    context.Response.ContentType = "application/octet-stream";
    context.Response.Close(decision.Reply ?? decision.Money.Fulfill(), willBlock: true);
    Console.WriteLine($$"""{"total":"{{total}}"}""");
}
