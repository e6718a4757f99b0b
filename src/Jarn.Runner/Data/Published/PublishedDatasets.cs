namespace Jarn.Runner.Data;

// Class names come first: the properties below are initialised in this order.
public sealed partial record PublishedDataset
{
    private static readonly string[] _digits = ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"];

    private static readonly string[] _cifar100Classes =
    [
        .. """
        apple aquarium_fish baby bear beaver bed bee beetle bicycle bottle bowl boy bridge bus butterfly camel can castle caterpillar cattle chair
        chimpanzee clock cloud cockroach couch crab crocodile cup dinosaur dolphin elephant flatfish forest fox girl hamster house kangaroo keyboard
        lamp lawn_mower leopard lion lizard lobster man maple_tree motorcycle mountain mouse mushroom oak_tree orange orchid otter palm_tree pear
        pickup_truck pine_tree plain plate poppy porcupine possum rabbit raccoon ray road rocket rose sea seal shark shrew skunk skyscraper snail
        snake spider squirrel streetcar sunflower sweet_pepper table tank telephone television tiger tractor train trout tulip turtle wardrobe whale
        willow_tree wolf woman worm
        """.Split([' ', '\n'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(name => name.Replace('_', ' ')),
    ];

    /// <summary>Y. LeCun, C. Cortes, C. J. C. Burges: The MNIST database of handwritten digits.</summary>
    public static PublishedDataset Mnist { get; } = new(
        "mnist",
        "MNIST",
        _digits,
        new(28, 28, 1),
        60_000,
        10_000,
        [new IdxLayout()],
        [
            new("train-images-idx3-ubyte.gz", 9_912_422, "f68b3c2dcbeaaa9fbdd348bbdeb94873"),
            new("train-labels-idx1-ubyte.gz", 28_881, "d53e105ee54ea40749a09fcbcd1e9432"),
            new("t10k-images-idx3-ubyte.gz", 1_648_877, "9fb629c4189551a2d022fa330f9573f3"),
            new("t10k-labels-idx1-ubyte.gz", 4_542, "ec29112dd5afa0611ce80d1b7f02629c"),
        ],
        [new("https://ossci-datasets.s3.amazonaws.com/mnist/"), new("https://storage.googleapis.com/cvdf-datasets/mnist/")])
    {
        TestLabelsSha256 = "ddeff807876a9661a1110d45c266c86239a3a1b7d37da0c3716a7a683c852ff5",
        StandInWhenNeeded = () => DigitSketch.StandIn,
    };

    /// <summary>H. Xiao, K. Rasul, R. Vollgraf: Fashion-MNIST, arXiv:1708.07747. The folder is that of Debian's dataset-fashion-mnist.</summary>
    public static PublishedDataset FashionMnist { get; } = Mnist with
    {
        Name = "fashion-mnist",
        Title = "Fashion-MNIST",
        ClassNames = ["T-shirt/top", "Trouser", "Pullover", "Dress", "Coat", "Sandal", "Shirt", "Sneaker", "Bag", "Ankle boot"],
        Files =
        [
            new("train-images-idx3-ubyte.gz", 26_421_880, "8d4fb7e6c68d591d4c3dfef9ec88bf0d"),
            new("train-labels-idx1-ubyte.gz", 29_515, "25c81989df183df01b3e8a0aad5dffbe"),
            new("t10k-images-idx3-ubyte.gz", 4_422_102, "bef4ecab320f06d8554ea6380940ec79"),
            new("t10k-labels-idx1-ubyte.gz", 5_148, "bb300cfdad3c16e7a12a480ee83cd310"),
        ],
        Mirrors =
        [
            new("http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/"),
            new("https://github.com/zalandoresearch/fashion-mnist/raw/master/data/fashion/"),
        ],
        SystemFolder = "/usr/share/datasets/fashion-mnist",
        TestLabelsSha256 = "3d0e6c6ea990b53b6f8f500a41cac93881d981b315f84578b7d915342ade01e9",
    };

    /// <summary>Y. Netzer et al.: Reading digits in natural images with unsupervised feature learning, 2011; format 2, cropped digits.</summary>
    public static PublishedDataset Svhn { get; } = new(
        "svhn",
        "SVHN",
        _digits,
        new(32, 32, 3),
        73_257,
        26_032,
        [new SvhnLayout(withExtra: false)],
        [
            new("train_32x32.mat", 182_040_794, "e26dedcc434d2e4c54c9b2d4a06d8373"),
            new("test_32x32.mat", 64_275_384, "eb5a983be6a315427106f1b164d9cef3"),
        ],
        [new("http://ufldl.stanford.edu/housenumbers/")])
    {
        StandInWhenNeeded = () => SvhnSketch.StandIn,
    };

    /// <summary>A. Krizhevsky: Learning multiple layers of features from tiny images, 2009.</summary>
    public static PublishedDataset Cifar10 { get; } = new(
        "cifar10",
        "CIFAR-10",
        ["airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck"],
        new(32, 32, 3),
        50_000,
        10_000,
        [new CifarArchiveLayout(CifarNames.Cifar10), new CifarFolderLayout(CifarNames.Cifar10)],
        [new(CifarNames.Cifar10.Archive, 170_052_171, "c32a1d4ab5d03f1284b67883e8d87530")],
        [new("https://www.cs.toronto.edu/~kriz/")])
    {
        StandInWhenNeeded = () => CifarSketch.StandIn,
    };

    /// <summary>CIFAR-10's companion with 100 classes.</summary>
    public static PublishedDataset Cifar100 { get; } = Cifar10 with
    {
        Name = "cifar100",
        Title = "CIFAR-100",
        ClassNames = _cifar100Classes,
        Layouts = [new CifarArchiveLayout(CifarNames.Cifar100), new CifarFolderLayout(CifarNames.Cifar100)],
        Files = [new(CifarNames.Cifar100.Archive, 168_513_733, "03b5dce01913d631647c71ecec9e9cb8")],
        StandInWhenNeeded = null,
    };

    public static IReadOnlyList<PublishedDataset> All { get; } = [Mnist, FashionMnist, Svhn, Cifar10, Cifar100];

    private static PublishedDataset SvhnWithExtra { get; } = Svhn with
    {
        Title = "SVHN with its extra images",
        TrainCount = 604_388,
        Layouts = [new SvhnLayout(withExtra: true)],
        Files = [.. Svhn.Files, new("extra_32x32.mat", 1_329_278_602, "a93ce644f1a588dc4d68dda5feec44a7")],
    };
}
