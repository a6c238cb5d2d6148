using System.Globalization;
using VisitLoad;

// VisitLoad app          an app that answers 1 KiB, on PORT
// VisitLoad yarp URL     bare YARP in front of URL, on PORT; on CONTROL_PORT what it has allocated
// VisitLoad yarp FILE    the same in front of many apps: lines of host and URL
var port = Port("PORT");
switch (args)
{
    case ["app"]:
        await OneKibibyte.Build(port).RunAsync();
        break;
    case ["yarp", var at]:
        await Allocations.Build(Port("CONTROL_PORT")).StartAsync();
        var isUrl = at.StartsWith("http://", StringComparison.Ordinal);
        var lines = isUrl ? [] : await File.ReadAllLinesAsync(at);
        var apps = lines.Select(line => line.Split(' ')).ToDictionary(app => app[0], app => app[1]);
        await BareYarp.Build(port, isUrl ? at : null, apps).RunAsync();
        break;
    default:
        throw new ArgumentException("VisitLoad app | VisitLoad yarp URL | VisitLoad yarp FILE");
}

static int Port(string name) => int.Parse(Environment.GetEnvironmentVariable(name) ?? "0", CultureInfo.InvariantCulture);
