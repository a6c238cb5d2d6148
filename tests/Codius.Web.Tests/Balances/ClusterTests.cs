using Codius.Web.Tests.Apps.Kubernetes.Running;
using Codius.Web.Tests.Apps.Names;
using Codius.Web.Tests.Apps.Processes.Catalog;
using Codius.Web.Tests.Balances.Books;
using Codius.Web.Tests.Balances.CreditBatches;
using Codius.Web.Tests.Balances.Incoming;
using Codius.Web.Tests.Balances.Leases;
using Codius.Web.Tests.Balances.Notes;
using Codius.Web.Tests.Balances.Storage;
using Codius.Web.Tests.Balances.WalletPayments;
using Codius.Web.Tests.Deploying.Unpaid;

namespace Codius.Web.Tests.Balances;

// The contracts of all that the gateway keeps in its store, on a Redis Cluster: no script or transaction leaves its slot.

/// <inheritdoc/>
[Collection<OnCluster>]
public sealed class IncomingOnClusterTests(RedisClusterFixture fixture)
    : IncomingContract(fixture), IClassFixture<RedisClusterFixture>;

/// <inheritdoc/>
[Collection<OnCluster>]
public sealed class CapOnClusterTests(RedisClusterFixture fixture)
    : CapContract(fixture), IClassFixture<RedisClusterFixture>;

/// <inheritdoc/>
[Collection<OnCluster>]
public sealed class CreditOnClusterTests(RedisClusterFixture fixture)
    : CreditContract(fixture), IClassFixture<RedisClusterFixture>;

/// <inheritdoc/>
[Collection<OnCluster>]
public sealed class GatewayHeartbeatOnClusterTests(RedisClusterFixture fixture)
    : GatewayHeartbeatContract(fixture), IClassFixture<RedisClusterFixture>;

/// <inheritdoc/>
[Collection<OnCluster>]
public sealed class LeaseOnClusterTests(RedisClusterFixture fixture)
    : LeaseContract(fixture), IClassFixture<RedisClusterFixture>;

/// <inheritdoc/>
[Collection<OnCluster>]
public sealed class WakeOnClusterTests(RedisClusterFixture fixture)
    : WakeContract(fixture), IClassFixture<RedisClusterFixture>;

/// <inheritdoc/>
[Collection<OnCluster>]
public sealed class WalletPaymentScheduleOnClusterTests(RedisClusterFixture fixture)
    : WalletPaymentScheduleContract(fixture), IClassFixture<RedisClusterFixture>;

/// <inheritdoc/>
[Collection<OnCluster>]
public sealed class WalletPaymentRoomOnClusterTests(RedisClusterFixture fixture)
    : WalletPaymentRoomContract(fixture), IClassFixture<RedisClusterFixture>;

/// <inheritdoc/>
[Collection<OnCluster>]
public sealed class NotesOnClusterTests(RedisClusterFixture fixture)
    : NotesContract(fixture), IClassFixture<RedisClusterFixture>;

/// <inheritdoc/>
[Collection<OnCluster>]
public sealed class SpendOnClusterTests(RedisClusterFixture fixture)
    : SpendContract(fixture), IClassFixture<RedisClusterFixture>;

/// <inheritdoc/>
[Collection<OnCluster>]
public sealed class DustOnClusterTests(RedisClusterFixture fixture)
    : DustContract(fixture), IClassFixture<RedisClusterFixture>;

/// <inheritdoc/>
[Collection<OnCluster>]
public sealed class ReservationOnClusterTests(RedisClusterFixture fixture)
    : ReservationContract(fixture), IClassFixture<RedisClusterFixture>;

/// <inheritdoc/>
[Collection<OnCluster>]
public sealed class LedgerModelOnClusterTests(RedisClusterFixture fixture)
    : LedgerModelContract(fixture, samples: 30), IClassFixture<RedisClusterFixture>;

/// <inheritdoc/>
[Collection<OnCluster>]
public sealed class AmountScriptOnClusterTests(RedisClusterFixture fixture)
    : AmountScripts(fixture), IClassFixture<RedisClusterFixture>;

/// <inheritdoc/>
[Collection<OnCluster>]
public sealed class WalletCreditOnClusterTests(RedisClusterFixture fixture)
    : WalletCreditContract(fixture), IClassFixture<RedisClusterFixture>;

/// <inheritdoc/>
[Collection<OnCluster>]
public sealed class UnpaidAppsOnClusterTests(RedisClusterFixture fixture)
    : UnpaidAppsContract(fixture), IClassFixture<RedisClusterFixture>;

/// <inheritdoc/>
[Collection<OnCluster>]
public sealed class AwakeRegistryOnClusterTests(RedisClusterFixture fixture)
    : AwakeRegistryContract(fixture), IClassFixture<RedisClusterFixture>;

/// <inheritdoc/>
[Collection<OnCluster>]
public sealed class CatalogOnClusterTests(RedisClusterFixture fixture)
    : RedisCatalogContract(fixture), IClassFixture<RedisClusterFixture>;

/// <inheritdoc/>
[Collection<OnCluster>]
public sealed class AppStoreOnClusterTests(RedisClusterFixture fixture)
    : RedisAppStoreContract(fixture), IClassFixture<RedisClusterFixture>;

/// <inheritdoc/>
[Collection<OnCluster>]
public sealed class NameHoldsOnClusterTests(RedisClusterFixture fixture)
    : NameHoldsContract(fixture), IClassFixture<RedisClusterFixture>;

/// <inheritdoc/>
[Collection<OnCluster>]
public sealed class SliceOnClusterTests(RedisClusterFixture fixture)
    : SliceContract(fixture), IClassFixture<RedisClusterFixture>;

/// <inheritdoc/>
[Collection<OnCluster>]
public sealed class CreditBatchOnClusterTests(RedisClusterFixture fixture)
    : CreditBatchContract(fixture), IClassFixture<RedisClusterFixture>;

/// <inheritdoc/>
[Collection<OnCluster>]
public sealed class SpendCapOnClusterTests(RedisClusterFixture fixture)
    : SpendCapContract(fixture), IClassFixture<RedisClusterFixture>;

/// <inheritdoc/>
[Collection<OnCluster>]
public sealed class FreeErrorOnClusterTests(RedisClusterFixture fixture)
    : FreeErrorContract(fixture), IClassFixture<RedisClusterFixture>;

/// <inheritdoc/>
[Collection<OnCluster>]
public sealed class BooksOnClusterTests(RedisClusterFixture fixture)
    : BooksContract(fixture), IClassFixture<RedisClusterFixture>;

/// <inheritdoc/>
[Collection<OnCluster>]
public sealed class StatementOnClusterTests(RedisClusterFixture fixture)
    : StatementContract(fixture), IClassFixture<RedisClusterFixture>;

/// <inheritdoc/>
[Collection<OnCluster>]
public sealed class HostBooksOnClusterTests(RedisClusterFixture fixture)
    : HostBooksContract(fixture), IClassFixture<RedisClusterFixture>;
