using Codius.Web.Admin.Access;
using Codius.Web.Admin.Dashboard.Live;
using Codius.Web.Tests.Payments;
using Microsoft.Extensions.DependencyInjection;

namespace Codius.Web.Tests.Admin.Dashboard;

/// <summary>
/// Who may open and send what, for each URL that the dashboard's routes have: one that a later change adds is checked by itself.
/// </summary>
public sealed class DashboardRightsTests
{
    [Fact]
    public async Task Every_URL_refuses_browsers_that_are_not_signed_in_and_those_whose_token_lacks_a_scope()
    {
        await using var gateway = await HelloGateway.StartAsync();
        var routes = DashboardRoute.Of(gateway);
        using var stranger = new DashboardClient(gateway.ManagementPort);
        var narrow = new Dictionary<AdminScope, DashboardClient>();
        foreach (var scope in AdminScopes.All) narrow[scope] = await WithoutAsync(gateway, scope);

        Assert.InRange(routes.Count, 35, 200);
        var faults = new List<string>();
        foreach (var route in routes)
        {
            await ExpectAsync(stranger, 401, "not signed in");
            foreach (var scope in route.Scopes) await ExpectAsync(narrow[scope], 403, $"without {AdminScopes.NameOf(scope)}");

            async Task ExpectAsync(DashboardClient browser, int status, string who)
            {
                var answer = route.Method == "GET"
                    ? await browser.GetAsync(route.Path, navigates: false)
                    : await browser.PostAsync(route.Path, [], navigates: false);
                if (answer.Status != status) faults.Add($"{route.Method} {route.Path}, {who}: {answer.Status}");
            }
        }
        foreach (var browser in narrow.Values) browser.Dispose();
        Assert.Empty(faults);
    }

    [Fact]
    public async Task Every_form_needs_more_than_the_right_to_read_and_the_token_of_its_session()
    {
        await using var gateway = await HelloGateway.StartAsync();
        using var browser = new DashboardClient(gateway.ManagementPort);
        await browser.SignInAsync(PayableGateway.AdminToken);
        var forms = DashboardRoute.Of(gateway).Where(route => route.Method != "GET").ToList();

        Assert.InRange(forms.Count, 10, 100);
        var faults = new List<string>();
        foreach (var form in forms)
        {
            if (form.Scopes is [AdminScope.Read]) faults.Add($"{form.Path} is sent with the right to read");
            if (form.Scopes.Count == 0 && form.Path != "/admin/sign-out") faults.Add($"{form.Path} needs no scope");
            var forged = new Dictionary<string, string> { ["sure"] = "yes", ["reason"] = "forged", ["form-token"] = "AAAA" };
            if (await browser.PostAsync(form.Path, forged) is { Status: not 403 } answer) faults.Add($"{form.Path}: {answer.Status}");
        }
        Assert.Empty(faults);
    }

    [Fact]
    public async Task Who_may_only_read_can_open_every_page_that_asks_for_no_more()
    {
        await using var gateway = await HelloGateway.StartAsync();
        using var reader = await WithAsync(gateway, "reader", AdminScope.Read);

        foreach (var route in DashboardRoute.Of(gateway).Where(route => route.IsPage && route.Scopes is [AdminScope.Read]))
        {
            var page = await reader.GetAsync(route.Path);
            Assert.Equal((200, route.Path), (page.Status, route.Path));
            // A page leads to no form that would refuse its reader.
            Assert.DoesNotContain("<form method=\"post\"", page.Text.Replace(
                "<form method=\"post\" action=\"/admin/sign-out\"", "", StringComparison.Ordinal), StringComparison.Ordinal);
        }
        Assert.Contains(DashboardRoute.Of(gateway), route => route.Path == LiveEndpoint.Path);
    }

    private static Task<DashboardClient> WithoutAsync(PayableGateway gateway, AdminScope scope) =>
        WithAsync(gateway, "without-" + AdminScopes.NameOf(scope), [.. AdminScopes.All.Where(other => other != scope)]);

    private static async Task<DashboardClient> WithAsync(PayableGateway gateway, string name, params AdminScope[] scopes)
    {
        var end = gateway.Services.GetRequiredService<TimeProvider>().GetUtcNow().AddDays(1);
        var made = await gateway.Services.GetRequiredService<AdminTokens>().MakeAsync(name, scopes, end, "a test");
        var browser = new DashboardClient(gateway.ManagementPort);
        await browser.SignInAsync(made!.Value.Token);
        return browser;
    }
}
