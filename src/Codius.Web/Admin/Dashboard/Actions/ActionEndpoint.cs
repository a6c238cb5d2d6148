using System.Security.Cryptography;
using Codius.Web.Admin.Access;
using Codius.Web.Admin.Api;
using Codius.Web.Admin.Dashboard.Rendering;
using Codius.Web.Admin.Dashboard.Sessions;
using Codius.Web.Hosting;

namespace Codius.Web.Admin.Dashboard.Actions;

/// <summary>The pages of actions: a form, then the question, then the deed; all of it without scripts.</summary>
internal sealed class ActionEndpoint(AdminPage page)
{
    private const int LongestValue = 2_000;

    /// <summary>Maps an action at <c>{root}/{subject}/{action}</c>.</summary>
    /// <param name="endpoints">The table.</param>
    /// <param name="root">Such as <c>/admin/apps</c>.</param>
    /// <param name="section">The section of the navigation.</param>
    /// <param name="action">What it does.</param>
    /// <param name="exists">True for a subject that exists.</param>
    /// <param name="back">Where it leads back to; null for the subject's own page.</param>
    public static void Map(
        IEndpointRouteBuilder endpoints, string root, string section, OwnerAction action, Func<string, ValueTask<bool>> exists,
        string? back = null)
    {
        var pages = endpoints.ServiceProvider.GetRequiredService<ActionEndpoint>();
        var path = $"{root}/{{subject}}/{action.Name}";
        endpoints.MapGet(path, (HttpContext context, string subject) => AnswerAsync(context, subject, pages.ShowAsync))
            .RequireSession(action.Scopes);
        endpoints.MapPost(path, (HttpContext context, string subject) => AnswerAsync(context, subject, pages.PostAsync))
            .RequireSession(action.Scopes);

        async Task AnswerAsync(HttpContext context, string subject, Func<Request, Task> answer)
        {
            if (await exists(subject))
                await answer(new Request(context, section, action, subject, back ?? $"{root}/{Uri.EscapeDataString(subject)}")
                {
                    BackTo = back is null ? subject : section,
                });
            else await pages.WriteMissingAsync(context, section);
        }
    }

    private Task WriteMissingAsync(HttpContext context, string section) => page.WriteMissingAsync(context, context.AdminFrame(section),
        section switch { "Apps" => MissingModel.App, "Tokens" => MissingModel.Token, _ => MissingModel.Connector });

    private async Task ShowAsync(Request request)
    {
        var fields = await request.Action.FieldsAsync(request.Subject, request.Cancellation);
        var form = new ActionForm(
            request.Subject, fields.ToDictionary(field => field.Name, field => field.Value), "",
            RandomNumberGenerator.GetHexString(24, lowercase: true));
        // Without fields there is nothing to fill in but the reason: the question comes at once.
        var plan = fields.Count == 0 ? await request.Action.PlanAsync(form, request.Cancellation) : null;
        await WriteAsync(request, StatusCodes.Status200OK, request.ModelOf(fields, form) with
        {
            Plan = plan,
            Errors = plan?.Errors ?? new Dictionary<string, string>(),
        });
    }

    private async Task PostAsync(Request request)
    {
        var sent = await request.Context.Request.ReadFormAsync(request.Cancellation);
        var fields = await request.Action.FieldsAsync(request.Subject, request.Cancellation);
        var form = new ActionForm(
            request.Subject, fields.ToDictionary(field => field.Name, field => Text(sent[field.Name])),
            Text(sent[ActionForm.ReasonField]).Trim(), Text(sent[ActionForm.IdField]));
        var model = request.ModelOf(fields, form);
        if (form.Id.Length is 0 or > 64 || !form.Id.All(char.IsAsciiHexDigitLower))
        {
            await Problems.WriteAsync(request.Context, Problem.NothingHere);
            return;
        }
        var plan = await request.Action.PlanAsync(form, request.Cancellation);
        var reasonIsBad = !Reasons.IsReason(form.Reason);
        if (!plan.IsGood || reasonIsBad)
        {
            var errors = new Dictionary<string, string>(plan.Errors);
            if (reasonIsBad) errors[ActionForm.ReasonField] = "Say in up to 500 characters why: others read it in the audit log.";
            // The form again; a question that lacks only its reason stays one.
            await WriteAsync(request, StatusCodes.Status422UnprocessableEntity, model with
            {
                Plan = fields.Count == 0 && plan.IsGood ? plan : null,
                Errors = errors,
            });
            return;
        }
        if (sent[ActionForm.SureField] != "yes")
        {
            await WriteAsync(request, StatusCodes.Status200OK, model with { Plan = plan });
            return;
        }
        if (await request.Action.DoAsync(request.Context.Admin(), form, request.Cancellation) is { } refusal)
        {
            await WriteAsync(request, StatusCodes.Status409Conflict, model with
            {
                Plan = plan,
                Errors = new Dictionary<string, string> { [""] = refusal },
            });
            return;
        }
        await SignInEndpoint.SeeOther(request.Context, $"{request.BackUrl}?done={request.Action.Name}");
    }

    private Task WriteAsync(Request request, int status, ActionModel model) =>
        page.WriteAsync<ActionPage>(request.Context, request.Context.AdminFrame(request.Section), model, status);

    private static string Text(string? sent) => sent is { Length: > LongestValue } ? sent[..LongestValue] : sent ?? "";

    /// <summary>A request for an action's page.</summary>
    private sealed record Request(HttpContext Context, string Section, OwnerAction Action, string Subject, string BackUrl)
    {
        /// <summary>What the link back is called.</summary>
        public required string BackTo { get; init; }

        public CancellationToken Cancellation => Context.RequestAborted;

        public ActionModel ModelOf(IReadOnlyList<ActionField> fields, ActionForm form) =>
            new(Action.Link, Action.About, Subject, BackUrl, fields, form) { BackTo = BackTo };
    }
}
