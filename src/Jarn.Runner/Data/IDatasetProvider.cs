using Jarn.Models;

namespace Jarn.Runner.Data;

/// <summary>What can be known of a data set before it is loaded.</summary>
/// <param name="Shape">Of its images.</param>
/// <param name="ClassNames">In the order of the labels.</param>
public sealed record DatasetDescription(ImageShape Shape, IReadOnlyList<string> ClassNames);

/// <summary>A data set that can be loaded, and what is known of it before. <see cref="Datasets"/> has a list of them.</summary>
public interface IDatasetProvider
{
    /// <summary>As in <c>--dataset</c>; config.json keeps it, and <see cref="Datasets.Named"/> finds the data set again by it.</summary>
    string Name { get; }

    /// <summary>For people.</summary>
    string Title { get; }

    /// <summary>Drawn images for a machine without these; null where there are none.</summary>
    StandIn? StandIn => null;

    /// <summary>Null where only loading tells.</summary>
    DatasetDescription? Describe();

    /// <summary>Loads real images. It may leave out what the request's limits will take away.</summary>
    /// <exception cref="DatasetMissingException">They are nowhere to be had.</exception>
    /// <exception cref="UserErrorException">They are there and unusable.</exception>
    Dataset Load(DatasetRequest request);
}

/// <summary>Images are nowhere to be had; others may stand in for them.</summary>
/// <param name="reason">What is not there, and where it was looked for: a sentence without its end.</param>
/// <param name="remedy">What to do.</param>
/// <param name="places">The folders that were looked at.</param>
/// <param name="cause">Why they could not be downloaded.</param>
public sealed class DatasetMissingException(string reason, string remedy, IReadOnlyList<string> places, Exception? cause = null)
    : UserErrorException($"{reason}: {remedy}", cause)
{
    public string Fault => reason;

    public IReadOnlyList<string> Places => places;
}
