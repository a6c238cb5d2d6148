using PacketLoad;

// serve receiver|bare: a server on a free port; prints {port, address, secret} as JSON.
// prepare FILE COUNT (address and secret as a line of JSON on the input): writes that many Prepares that the receiver will fulfill, one per
// line in hex.
// check URL FILE: posts the first one and prints the reply.
switch (args)
{
    case ["serve", var what]:
        await Servers.RunAsync(what);
        return 0;
    case ["prepare", var file, var count]:
        await Packets.PrepareAsync(file, int.Parse(count, null));
        return 0;
    case ["check", var url, var file]:
        return await Packets.CheckAsync(new Uri(url), file);
    default:
        Console.Error.WriteLine("PacketLoad serve receiver|bare, prepare FILE COUNT, or check URL FILE");
        return 2;
}
