using System.Text.RegularExpressions;
using Codius.Testing;
using Codius.Web.Hosting.Supervision;
using Microsoft.Extensions.Hosting;

namespace Codius.Web.Tests;

/// <summary>The rules of which part may use which; each is checked in the sources, so that a violation names its line.</summary>
public sealed partial class ArchitectureTests
{
    private static readonly Dictionary<string, string[]> MayKnow = new()
    {
        // Used by all others.
        ["Hosting"] = [],
        // Nouns use no other part, except for the account that an app has.
        ["Balances"] = ["Hosting"],
        ["Apps"] = ["Hosting", "Balances"],
        // Faces show the nouns.
        ["Pages"] = ["Hosting", "Balances", "Apps"],
        ["Admin"] = ["Hosting", "Balances", "Apps", "Pages"],
        // Flows use nouns and may show pages; they do not use each other.
        ["Visits"] = ["Hosting", "Balances", "Apps", "Pages"],
        ["Payments"] = ["Hosting", "Balances", "Apps", "Pages"],
        ["Sleeping"] = ["Hosting", "Balances", "Apps"],
        ["Deploying"] = ["Hosting", "Balances", "Apps", "Pages"],
    };

    public static TheoryData<string> Rooms => [.. MayKnow.Keys];

    [Theory]
    [MemberData(nameof(Rooms))]
    public void A_room_knows_only_the_rooms_below_it(string room)
    {
        var strangers =
            from file in Directory.EnumerateFiles(Path.Combine(Repository.Source, "Codius.Web", room), "*.*", SearchOption.AllDirectories)
            where file.EndsWith(".cs", StringComparison.Ordinal) || file.EndsWith(".razor", StringComparison.Ordinal)
            from line in File.ReadLines(file)
            from Match match in RoomName().Matches(line)
            let known = match.Groups[1].Value
            where MayKnow.ContainsKey(known) && known != room && !MayKnow[room].Contains(known)
            select $"{Path.GetFileName(file)}: {line.Trim()}";

        Assert.Empty(strangers);
    }

    /// <summary>Deploying with kubectl exists on Kubernetes alone: the webhooks read the resource with the cluster's own reader.</summary>
    [Fact]
    public void Outside_Apps_nothing_names_what_runs_them_but_kubectls_webhooks_the_custom_resource() =>
        Assert.Empty(
            from line in Lines(Path.Combine(Repository.Source, "Codius.Web"))
            where line.Folder != "Apps" && !line.Folder.StartsWith("Apps/", StringComparison.Ordinal)
            from Match match in EngineName().Matches(line.Text)
            where line.Folder != "Deploying/Kubectl" || !match.Value.StartsWith("Apps.Kubernetes.Resources", StringComparison.Ordinal)
            select $"{line.File}: {line.Text.Trim()}");

    /// <summary>
    /// Engines use what they share and not each other; only the registration and the settings that choose one name them.
    /// </summary>
    [Fact]
    public void What_the_engines_share_names_no_engine_and_no_engine_names_another()
    {
        string[] choosing = ["AppsRegistration.cs", "AppOptions.cs"];

        Assert.Empty(
            from line in Lines(Path.Combine(Repository.Source, "Codius.Web/Apps"))
            where line.Folder.Length > 0 || !choosing.Contains(line.File)
            from Match match in EngineName().Matches(line.Text)
            let room = line.Folder.Split('/')[0]
            where match.Groups[1].Value != room
            select $"{line.File}: {line.Text.Trim()}");
    }

    [Fact]
    public void Every_folder_of_the_gateway_is_a_room_with_rules()
    {
        var folders = Directory.GetDirectories(Path.Combine(Repository.Source, "Codius.Web")).Select(Path.GetFileName)
            .Except(["Properties", "bin", "obj", "wwwroot"]);

        Assert.Empty(folders.Except(MayKnow.Keys));
    }

    [Fact]
    public void Namespaces_are_folders()
    {
        var wrong =
            from file in Directory.EnumerateFiles(Repository.Source, "*.cs", SearchOption.AllDirectories)
            where !file.Contains("/obj/", StringComparison.Ordinal)
            let folder = Path.GetRelativePath(Repository.Source, Path.GetDirectoryName(file)!).Replace('/', '.')
            let declared = File.ReadLines(file).FirstOrDefault(line => line.StartsWith("namespace ", StringComparison.Ordinal))
            where declared is not null && declared.TrimEnd(';') != "namespace " + folder
            select $"{file}: {declared}";

        Assert.Empty(wrong);
    }

    [Fact]
    public void Only_the_supervised_base_derives_from_BackgroundService() =>
        Assert.Equal(
            [typeof(SupervisedService)], typeof(Gateway).Assembly.GetTypes().Where(type => type.BaseType == typeof(BackgroundService)));

    [Fact]
    public void What_nothing_awaits_is_supervised()
    {
        var unsupervised =
            from file in Directory.EnumerateFiles(Path.Combine(Repository.Source, "Codius.Web"), "*.cs", SearchOption.AllDirectories)
            where !file.Contains("/obj/", StringComparison.Ordinal) && !file.Contains("/Supervision/", StringComparison.Ordinal)
            from statement in Statements(File.ReadLines(file))
            where Unawaited().IsMatch(statement) && !Supervised().IsMatch(statement)
            select $"{Path.GetFileName(file)}: {statement}";

        Assert.Empty(unsupervised);
    }

    [Fact]
    public void The_protocol_library_references_nothing() =>
        Assert.DoesNotContain("Reference Include",
            File.ReadAllText(Path.Combine(Repository.Source, "Interledger.Net/Interledger.Net.csproj")), StringComparison.Ordinal);

    [Fact]
    public void Only_one_project_references_Garnet()
    {
        var projects = Directory.EnumerateFiles(Repository.Root, "*.csproj", SearchOption.AllDirectories)
            .Where(file => File.ReadAllText(file).Contains("\"Microsoft.Garnet\"", StringComparison.Ordinal)).Select(Path.GetFileName);

        Assert.Equal(["Codius.EmbeddedRedis.csproj"], projects);
    }

    /// <summary>The lines of a file; one that goes on in the next line together with it.</summary>
    private static IEnumerable<string> Statements(IEnumerable<string> lines)
    {
        var statement = "";
        foreach (var line in lines)
        {
            statement = $"{statement} {line.Trim()}".TrimStart();
            if (statement.StartsWith("//", StringComparison.Ordinal)) statement = "";
            if (statement is not [.., ';' or '{' or '}' or ']']) continue;
            yield return statement;
            statement = "";
        }
    }

    private static IEnumerable<(string Folder, string File, string Text)> Lines(string root) =>
        from file in Directory.EnumerateFiles(root, "*.*", SearchOption.AllDirectories)
        where file.EndsWith(".cs", StringComparison.Ordinal) || file.EndsWith(".razor", StringComparison.Ordinal)
        let folder = Path.GetRelativePath(root, Path.GetDirectoryName(file)!).Replace('\\', '/').TrimStart('.')
        where !folder.StartsWith("obj", StringComparison.Ordinal)
        from text in File.ReadLines(file)
        select (folder, Path.GetFileName(file), text);

    [GeneratedRegex(@"\bApps\.(Kubernetes|Processes)\b[.A-Za-z]*")]
    private static partial Regex EngineName();

    [GeneratedRegex(@"Codius\.Web\.([A-Z][A-Za-z]+)")]
    private static partial Regex RoomName();

    /// <summary>A discarded task, a new thread, and a callback of a timer, a token, a watcher or an event.</summary>
    [GeneratedRegex(@"^\s*_ = (?!await )\w.*Async\(|\basync void\b|\bTask\.Run\(|ContinueWith\(|CreateTimer\(|\bnew Timer\("
        + @"|\.Register\(|OnChange\(|Subscribe(Async)?\(.*=>|\b(Changed|Read)\?\.Invoke\(")]
    private static partial Regex Unawaited();

    /// <summary>
    /// Under a supervisor; a write to a channel, which cannot throw; a command of a Redis transaction, awaited with it; what the host
    /// guards.
    /// </summary>
    [GeneratedRegex(@"\.(TryAsync|RunAsync|Try)\(|\.TryWrite\(|=> (Ring|Signal)\(\)|_ = (transaction|change)\.|ApplicationStarted\.")]
    private static partial Regex Supervised();
}
