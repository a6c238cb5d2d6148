using Codius.Web.Apps;
using Codius.Web.Pages.Rendering;

namespace Codius.Web.Pages.Paying;

/// <summary>Writes the pages; never framed, against clickjacking.</summary>
internal sealed class WalletPages(RazorPage page) : IWalletPages
{
    public Task WriteFormAsync(HttpContext context, int status, HostedApp app, WalletFormModel form) =>
        page.WriteAsync<WalletFormPage>(context, status, new Dictionary<string, object?> { ["App"] = app.Name, ["Form"] = form },
            framable: false);

    public Task WriteConsentAsync(HttpContext context, ConsentModel model) =>
        page.WriteAsync<ConsentPage>(context, StatusCodes.Status200OK, new Dictionary<string, object?> { ["Model"] = model },
            framable: false);
}
