using System.Runtime.InteropServices;

namespace Codius.Web.Apps.Processes;

/// <summary>The sample app that lies beside the gateway's program where it was built with its samples.</summary>
internal static class HelloImage
{
    public const string Name = "hello";

    private static readonly string File = Path.Combine(AppContext.BaseDirectory, "hello", "Hello.dll");

    /// <summary>Lists the image, unless there is one of that name or the sample was left out.</summary>
    public static void AddTo(ProcessOptions options)
    {
        if (!System.IO.File.Exists(File) || options.Images.ContainsKey(Name)) return;
        // The program that runs this very process, wherever it is installed: ".../dotnet" above ".../shared/Microsoft.NETCore.App/10.0.0/".
        var dotnet = Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", "..", "dotnet"));
        options.Images[Name] = new ImageOptions { Command = System.IO.File.Exists(dotnet) ? dotnet : "dotnet", Args = { File } };
    }
}
