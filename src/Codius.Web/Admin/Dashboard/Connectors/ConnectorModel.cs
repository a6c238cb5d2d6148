using Codius.Web.Admin.Dashboard.Apps;
using Codius.Web.Admin.Dashboard.Overview;

namespace Codius.Web.Admin.Dashboard.Connectors;

/// <summary>The page of one connector.</summary>
public sealed record ConnectorModel(
    DebtModel Debt, StatementModel Statement, bool MaySettle, string? Done, DateTimeOffset Now);
