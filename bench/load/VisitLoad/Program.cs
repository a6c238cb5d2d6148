using VisitLoad;

// VisitLoad app          an app that answers 1 KiB, on PORT
// VisitLoad yarp URL     bare YARP in front of URL, on PORT
var port = int.Parse(Environment.GetEnvironmentVariable("PORT") ?? "0", System.Globalization.CultureInfo.InvariantCulture);
var server = args switch
{
    ["app"] => OneKibibyte.Build(port),
    ["yarp", var url] => BareYarp.Build(port, url),
    _ => throw new ArgumentException("VisitLoad app | VisitLoad yarp URL"),
};
await server.RunAsync();
