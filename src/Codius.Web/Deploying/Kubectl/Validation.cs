using System.Text;
using Codius.Web.Apps;
using Codius.Web.Apps.Kubernetes.Resources;
using Codius.Web.Apps.Manifests;
using Codius.Web.Balances;
using Codius.Web.Deploying.Paying;
using Codius.Web.Hosting;
using k8s;

namespace Codius.Web.Deploying.Kubectl;

/// <summary>
/// The validating webhook: checks the owner and the manifest and, for deployers, reserves the price and claims the name. The cluster's
/// own people and the gateway itself pay nothing here; the gateway's <c>PUT</c> has done both before. Whoever deletes an app, its name is
/// held for its owner before the app is gone, or the app stays.
/// </summary>
internal sealed class Validation(
    ResourceReader reader, NameRules names, ManifestRules rules, VisitAnnotationRules visits, Asset asset,
    IAppStore apps, INameHolds holds, DeployRate rate, DeployReservations reservations, DeployFunds funds, DeployPrice price,
    DeployProblems problems)
{
    public async ValueTask<AdmissionResponse> AnswerAsync(AdmissionRequest request, CancellationToken cancellation)
    {
        var deployer = Deployer.AccountOf(request);
        if (deployer is null && Deployer.IsDeployer(request))
            return AdmissionDenials.Deny(request, 403, "Forbidden", "The user of this deploy token names no account.");
        var old = request.OldResource;
        if (deployer is not null && old is not null && reader.OwnerOf(old) != deployer)
            return AdmissionDenials.Deny(request, DeployProblems.OtherOwner);
        if (request.Operation == "DELETE") return await DeleteAsync(request, old, cancellation);
        if (request.Resource is not { } app) return new AdmissionResponse(request.Uid, true);
        if (deployer is { } frequent && !rate.TryEnter(frequent, out var wait))
            return AdmissionDenials.Deny(request, DeployProblems.TooFast(wait));

        List<ValidationError> faults = [];
        var manifest = ResourceReader.ManifestOf(app, faults) ?? new AppManifest(new AppSpec());
        Check(app, manifest, deployer, faults);
        var opened = reader.Open(app, manifest) ?? manifest;
        if (deployer is not null) faults.AddRange(DeployerFaults(app, opened, old));
        if (faults.Count > 0) return AdmissionDenials.Deny(request, DeployProblems.BadManifest(faults));
        if (deployer is { } account && await RefusalAsync(request, app, opened, old, account, cancellation) is { } problem)
            return AdmissionDenials.Deny(request, problem);
        return new AdmissionResponse(request.Uid, true, Warnings: [.. ManifestRules.Warnings(opened)]);
    }

    private async ValueTask<AdmissionResponse> DeleteAsync(AdmissionRequest request, AppResource? old, CancellationToken cancellation)
    {
        try
        {
            // If the deletion fails after this, the app lives on with a record that has an end; the next deletion sets it anew.
            if (request.DryRun == true || old is null || NameRules.FaultOfForm(old.Name) is not null)
                return new AdmissionResponse(request.Uid, true);
            if (reader.IsOwnerUnverified(old)) await holds.HoldRecordedAsync(old.Name, cancellation);
            else await holds.HoldAsync(old.Name, reader.OwnerOf(old), cancellation);
            return new AdmissionResponse(request.Uid, true);
        }
        catch (AppStoreUnavailableException)
        {
            return AdmissionDenials.Deny(request, DeployProblems.StoreAway);
        }
    }

    private void Check(AppResource app, AppManifest sent, AccountId? deployer, List<ValidationError> faults)
    {
        var isReadable = faults.Count == 0;
        if (app.IsImmutable && deployer is null && app.Hash != app.Name)
            faults.Add(new ValidationError("metadata.name", "the name of an immutable app must be its hash"));
        else if ((!app.IsImmutable || deployer is not null) && names.Fault(app.Name) is { } badName)
            faults.Add(new ValidationError("metadata.name", badName));
        if (AnnotationRules.CheckCap("metadata.annotations", app.Annotations, asset) is { } badCap) faults.Add(badCap);
        faults.AddRange(visits.Check("metadata.annotations", app.Annotations));
        faults.AddRange(PresentationRules.Check("metadata.annotations", app.Annotations));
        faults.AddRange(AlertAnnotationRules.Check("metadata.annotations", app.Annotations));
        if (reader.Open(app, sent) is not { } manifest)
        {
            faults.Add(new ValidationError("secretData", "was sealed for another app or owner; send the secrets again"));
            return;
        }
        rules.Check(manifest, faults);
        var hash = ManifestHash.OfSpec(manifest.Spec);
        if (isReadable && app.Hash != hash)
            faults.Add(new ValidationError($"metadata.annotations.{AppAnnotations.Hash}", "is not the hash of the manifest"));
        if (isReadable && app.Labels.GetValueOrDefault(AppAnnotations.Service) != AppAnnotations.ServiceOf(hash))
            faults.Add(
                new ValidationError($"metadata.labels.{AppAnnotations.Service}", "does not name the Service of the manifest's hash"));
    }

    /// <summary>Checks the fields that only the host may write, and what is beside the manifest, which costs nothing.</summary>
    private static IEnumerable<ValidationError> DeployerFaults(AppResource app, AppManifest manifest, AppResource? old)
    {
        if (app.MetadataSize > ManifestLimits.MaxBesideBytes)
            yield return new ValidationError("metadata", $"has more than {ManifestLimits.MaxBesideBytes / 1024} KiB");
        if (app.Annotations.TryGetValue(AppAnnotations.LastApplied, out var copy) && Encoding.UTF8.GetByteCount(copy)
            > ManifestLimits.MaxBesideBytes + DeployPrice.PartsOf(manifest) * ManifestLimits.PartBytes)
            yield return new ValidationError($"metadata.annotations.{AppAnnotations.LastApplied}", "is larger than the manifest");
        if (app.IsImmutable)
            yield return new ValidationError($"metadata.labels.{AppAnnotations.Immutable}", "only the host itself makes immutable apps");
        // Either could keep an app from being deleted, or have the cluster delete it.
        if (!IsSame(app.Metadata.OwnerReferences, old?.Metadata.OwnerReferences))
            yield return new ValidationError("metadata.ownerReferences", "must not be changed");
        if (!IsSame(app.Metadata.Finalizers, old?.Metadata.Finalizers))
            yield return new ValidationError("metadata.finalizers", "must not be changed");
    }

    private static bool IsSame(object? now, object? before) =>
        now is null || before is null ? now == before : KubernetesJson.Serialize(now) == KubernetesJson.Serialize(before);

    /// <summary>Checks that apply to paying deployers only; the money comes last.</summary>
    private async ValueTask<Problem?> RefusalAsync(
        AdmissionRequest request, AppResource app, AppManifest manifest, AppResource? old, AccountId account,
        CancellationToken cancellation)
    {
        try
        {
            // The mutating webhook wrote it; another webhook after it could have changed it.
            if (reader.OwnerOf(app) != account) return DeployProblems.OtherOwner;
            if (old is null)
            {
                // The API server asks first and refuses then: what it will refuse must claim no name, and no money that nothing gives back.
                var there = await apps.FindAsync(app.Name, cancellation);
                if (there is null ? await IsHeldAsync(app.Name, account, cancellation) : there.Owner != account)
                    return DeployProblems.OtherOwner;
                if (there is not null) return DeployProblems.Exists;
            }
            if (request.DryRun == true || (old is not null && old.Hash == app.Hash)) return null;
            var deploy = new Deploy(account, app.Name, app.Hash!);
            var cost = price.Of(manifest);
            var reserved = await reservations.ReserveAsync(deploy, cost, cancellation);
            if (reserved == ReserveOutcome.Reserved)
            {
                // After the money: a token without any records nothing.
                if (old is not null || await holds.ClaimAsync(app.Name, account, cancellation) is null) return null;
                await reservations.VoidAsync(deploy);
                return DeployProblems.OtherOwner;
            }
            return problems.NotReserved(reserved, account, reserved == ReserveOutcome.NotEnough
                ? await funds.ReadAsync(account, cancellation) : 0, cost);
        }
        catch (AppStoreUnavailableException)
        {
            return DeployProblems.StoreAway;
        }
        catch (LedgerUnavailableException)
        {
            return DeployProblems.LedgerAway;
        }
    }

    /// <summary>True if the name of an app that is gone is kept for another owner.</summary>
    private async ValueTask<bool> IsHeldAsync(string name, AccountId account, CancellationToken cancellation) =>
        await holds.OwnerAsync(name, cancellation) is { } owner && owner != account;
}
