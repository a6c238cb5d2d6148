using PacketLoad;

// serve receiver|bare: a server on a free port; prints {port, address, secret} as JSON.
// credentials COUNT: prints {address, secret} of as many accounts of a gateway with the secret of Accounts, a line each.
// prepare FILE COUNT (lines of {address, secret} on the input): writes that many Prepares that the receiver will fulfill, in turn for each
// address: a line each of the path and the packet in hex.
// receipts FILE COUNT ACCOUNTS gateway|node|verifier: the same of receipts, each with an increase, on as many accounts; prints the nonces.
// check URL FILE: posts the first one and prints the reply.
// balances URL ACCOUNTS: the sum of the balances of so many accounts.
switch (args)
{
    case ["serve", var what]:
        await Servers.RunAsync(what);
        return 0;
    case ["credentials", var count]:
        Accounts.WriteCredentials(int.Parse(count, null));
        return 0;
    case ["prepare", var file, var count]:
        await Packets.PrepareAsync(file, int.Parse(count, null));
        return 0;
    case ["receipts", var file, var count, var accounts, var verifier]:
        await Receipts.PrepareAsync(file, int.Parse(count, null), int.Parse(accounts, null), verifier);
        return 0;
    case ["check", var url, var file]:
        return await Packets.CheckAsync(new Uri(url), file);
    case ["balances", var url, var accounts]:
        Console.WriteLine(await Accounts.SumAsync(new Uri(url), int.Parse(accounts, null)));
        return 0;
    default:
        Console.Error.WriteLine("PacketLoad: see the first lines of its Program.cs");
        return 2;
}
