namespace Jarn.Runner.Data;

/// <summary>One file of a data set as its authors distribute it: gzip, <see cref="Name"/> with ".gz".</summary>
/// <param name="Name">Without ".gz".</param>
/// <param name="Length">Of the .gz, in bytes.</param>
/// <param name="Md5">Of the .gz.</param>
public sealed record SourceFile(string Name, long Length, string Md5)
{
    public string CompressedName => $"{Name}.gz";

    /// <summary>The names under which it is met: with or without gzip, "-idx3-" or, as some unpackers leave it, ".idx3-".</summary>
    public IEnumerable<string> Spellings
    {
        get
        {
            string dotted = Name.Replace("-idx", ".idx", StringComparison.Ordinal);
            return [CompressedName, Name, $"{dotted}.gz", dotted];
        }
    }
}

/// <summary>A data set of 28 × 28 grey images in four idx files: what it is and where it is published.</summary>
/// <param name="Name">As in <c>--dataset</c>, and of its subfolders.</param>
/// <param name="Title">For people.</param>
/// <param name="ClassNames">In the order of the labels.</param>
/// <param name="Mirrors">Base addresses, the first to be tried first.</param>
/// <param name="SystemFolder">Where a Linux distribution's package puts it.</param>
/// <param name="TestLabelsSha256">
/// Of the 10,000 test labels, one byte each: MNIST and Fashion-MNIST use the same file names, and this tells them apart.
/// </param>
public sealed record DatasetSource(
    string Name,
    string Title,
    IReadOnlyList<string> ClassNames,
    SourceFile TrainImages,
    SourceFile TrainLabels,
    SourceFile TestImages,
    SourceFile TestLabels,
    IReadOnlyList<Uri> Mirrors,
    string? SystemFolder,
    string TestLabelsSha256)
{
    public const int ImageSide = 28;

    /// <summary>Y. LeCun, C. Cortes, C. J. C. Burges: The MNIST database of handwritten digits.</summary>
    public static DatasetSource Mnist { get; } = new(
        "mnist",
        "MNIST",
        ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"],
        new("train-images-idx3-ubyte", 9_912_422, "f68b3c2dcbeaaa9fbdd348bbdeb94873"),
        new("train-labels-idx1-ubyte", 28_881, "d53e105ee54ea40749a09fcbcd1e9432"),
        new("t10k-images-idx3-ubyte", 1_648_877, "9fb629c4189551a2d022fa330f9573f3"),
        new("t10k-labels-idx1-ubyte", 4_542, "ec29112dd5afa0611ce80d1b7f02629c"),
        [new("https://ossci-datasets.s3.amazonaws.com/mnist/"), new("https://storage.googleapis.com/cvdf-datasets/mnist/")],
        null,
        "ddeff807876a9661a1110d45c266c86239a3a1b7d37da0c3716a7a683c852ff5");

    /// <summary>H. Xiao, K. Rasul, R. Vollgraf: Fashion-MNIST, arXiv:1708.07747. The folder is that of Debian's dataset-fashion-mnist.</summary>
    public static DatasetSource FashionMnist { get; } = new(
        "fashion-mnist",
        "Fashion-MNIST",
        ["T-shirt/top", "Trouser", "Pullover", "Dress", "Coat", "Sandal", "Shirt", "Sneaker", "Bag", "Ankle boot"],
        new("train-images-idx3-ubyte", 26_421_880, "8d4fb7e6c68d591d4c3dfef9ec88bf0d"),
        new("train-labels-idx1-ubyte", 29_515, "25c81989df183df01b3e8a0aad5dffbe"),
        new("t10k-images-idx3-ubyte", 4_422_102, "bef4ecab320f06d8554ea6380940ec79"),
        new("t10k-labels-idx1-ubyte", 5_148, "bb300cfdad3c16e7a12a480ee83cd310"),
        [
            new("http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/"),
            new("https://github.com/zalandoresearch/fashion-mnist/raw/master/data/fashion/"),
        ],
        "/usr/share/datasets/fashion-mnist",
        "3d0e6c6ea990b53b6f8f500a41cac93881d981b315f84578b7d915342ade01e9");

    public static IReadOnlyList<DatasetSource> All { get; } = [Mnist, FashionMnist];

    /// <summary>Training images and labels, then those of the test set.</summary>
    public IReadOnlyList<SourceFile> Files => [TrainImages, TrainLabels, TestImages, TestLabels];

    /// <exception cref="UserErrorException">There is none of that name.</exception>
    public static DatasetSource Named(string name) => All.FirstOrDefault(source => source.Name == name)
        ?? throw new UserErrorException($"there is no data set {name}: give {string.Join(" or ", All.Select(source => source.Name))}");
}
