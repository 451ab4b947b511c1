extension DatasetCatalogue {
  /// Every data set of the catalogue; `datasets/catalogue.json` says the same.
  public static let entries: [Entry] = [
    movieLens100K, movieLens1M, movieLens10M, movieLens20M, movieLens25M, movieLensLatestSmall, netflix, jester1,
  ]

  /// MovieLens 100K (1998).
  public static let movieLens100K = Entry(
    name: "ml-100k",
    title: "MovieLens 100K (1998)",
    page: "https://grouplens.org/datasets/movielens/",
    ratings: 100_000,
    licence: "Research use; no redistribution without separate permission, no commercial use without permission, no "
      + "implied endorsement. The README in the archive decides.",
    citation: "F. Maxwell Harper and Joseph A. Konstan. 2015. The MovieLens Datasets: History and Context. ACM "
      + "Transactions on Interactive Intelligent Systems 5(4), 19:1-19:19.",
    doi: "10.1145/2827872",
    ratingsFile: "u.data",
    files: [
      File(
        name: "ml-100k.zip", url: "https://files.grouplens.org/datasets/movielens/ml-100k.zip",
        mirrors: ["https://web.archive.org/web/2024id_/https://files.grouplens.org/datasets/movielens/ml-100k.zip"],
        bytes: 4_924_029,
        sha256: "50d2a982c66986937beb9ffb3aa76efe955bf3d5c6b761f4e3a7cd717c6a3229",
        md5: "0e33842e24a9c977be4e0107933c0723"),
      File(
        name: "ml-100k/README", bytes: 6_401,
        sha256: "b2f69dd0cab50c2b976da7c6113f267169cf0b35ade48de35fe75ed1b81c0f28",
        md5: "7f3125c48b2d4122bdeabc43729a8e1b"),
      File(
        name: "ml-100k/u.data", bytes: 1_979_173,
        sha256: "06416e597f82b7342361e41163890c81036900f418ad91315590814211dca490",
        md5: "6e47046882bad158b0efbb84cd5cb987"),
      File(
        name: "ml-100k/u.genre", bytes: 202,
        sha256: "9757e0d3e6b298159a80dd48eaf938114690e911e39af97a76949ef1663610bb",
        md5: "a7578bdb37758741ae9429d2c736af18"),
      File(
        name: "ml-100k/u.info", bytes: 36,
        sha256: "5b0a40b2e47a729ee6203063f6dcf8790c2e63f5a18663e6ee318a72c5f3c27b",
        md5: "6cae0afd8c0341aff31b631a192e57e6"),
      File(
        name: "ml-100k/u.item", bytes: 236_344,
        sha256: "e706db993261e876c2a6b3bc617709311da781695be13af1fe2b3e1b6f723e64",
        md5: "1a2cbbbc069dc09d1d475f964e8b974f"),
      File(
        name: "ml-100k/u.occupation", bytes: 193,
        sha256: "cd5fbec9afe345d993a62fc7817df1a4a9079c4feb267b3118763b8fd942137d",
        md5: "035abaa2165f35cebce4b91e03481e0a"),
      File(
        name: "ml-100k/u.user", bytes: 22_628,
        sha256: "f120e114da2e8cf314fd28f99417c94ae9ddf1cb6db8ce0e4b5995d40e90e62c",
        md5: "1b53539edc13caad0282c8500608a319"),
      File(
        name: "ml-100k/u1.base", bytes: 1_586_544,
        sha256: "ce253ec86c448b44fb3ba9a30d12dcfc2e9210cbde71efada3730c22e9ac212a",
        md5: "4325f44281c9f8c119a3694662d63fc2"),
      File(
        name: "ml-100k/u1.test", bytes: 392_629,
        sha256: "18c6014a4b2c7324f250a63f8904a7b16b2b19f911129e346141507b0cbac950",
        md5: "62d5d837e7c8e36550cc956b09c2ecc8"),
      File(
        name: "ml-100k/u2.base", bytes: 1_583_948,
        sha256: "6c06f0b5df4b256da1a994f3ac66edc8da4d3f09bc9282df6b14d893366d703e",
        md5: "79541afecccbd5365bb2c09b123a01c7"),
      File(
        name: "ml-100k/u2.test", bytes: 395_225,
        sha256: "4de658d1e04ed9104629509a2e2528fce833ac8e048280183f1df167632038c3",
        md5: "1951a71b7e1f4ed254508007fa2f6b70"),
      File(
        name: "ml-100k/u3.base", bytes: 1_582_546,
        sha256: "afdc155c291c6edc41c0407e39d7462eb98d341e064f0b0a12175b80b3c4af5d",
        md5: "55c67a63f516fa9e593d68c3be779970"),
      File(
        name: "ml-100k/u3.test", bytes: 396_627,
        sha256: "0f548b51c78327de4c156461d3e430b7e5579fe2b5681586a59416e48fd35f6d",
        md5: "cb3e4d0a9152041772285232ca002d4f"),
      File(
        name: "ml-100k/u4.base", bytes: 1_581_878,
        sha256: "219f0f4d40dfe9c5141d425f53fa91ee23ed275f14e280bbf1b50117afb064ca",
        md5: "66f64a75eeeffd20ff09533bcd31adcf"),
      File(
        name: "ml-100k/u4.test", bytes: 397_295,
        sha256: "7c02ad0a1e7ab1083c8b9d4b627203a051dd7b5eab46d99fa44de33470de8db9",
        md5: "328acfca94e85d01b1d7e92c7d73df3b"),
      File(
        name: "ml-100k/u5.base", bytes: 1_581_776,
        sha256: "a9574e59ce961eec2121627760b6e9b0974ce1637b3fe69ac32cb14a4bfab485",
        md5: "0becb3392339231c08ba316944c79095"),
      File(
        name: "ml-100k/u5.test", bytes: 397_397,
        sha256: "351cc52e0d15b6c721466276fc24671d40936899e3d01fadeaf312915b8c5634",
        md5: "bec898f7091dba3b7bdf793d1998d2d6"),
      File(
        name: "ml-100k/ua.base", bytes: 1_792_501,
        sha256: "67b5bcdb380c29f85d56a012ecd88612ae020f30a6730d117a334ee8203b91f2",
        md5: "346eb46a756be3b382bdef4f7dcf3a01"),
      File(
        name: "ml-100k/ua.test", bytes: 186_672,
        sha256: "d0497e202417720f57a184ec8c66be2d1afa4ff41bb53787c57b28d6bf79bc42",
        md5: "52e5d0355092dc1596899855b220508f"),
      File(
        name: "ml-100k/ub.base", bytes: 1_792_476,
        sha256: "237254d253b6ad7de84f919d041055428646254f34ed8f562703c899430cd881",
        md5: "e4ce94f6e01e45f65b91a70bb9e8da2f"),
      File(
        name: "ml-100k/ub.test", bytes: 186_697,
        sha256: "d54a72d05730d5892062734b2bec73e976f9b713d18c828a18b968d6cce442da",
        md5: "5292d1e388d156aa0c19c384cdf35aca"),
    ])

  /// MovieLens 1M (2003).
  public static let movieLens1M = Entry(
    name: "ml-1m",
    title: "MovieLens 1M (2003)",
    page: "https://grouplens.org/datasets/movielens/",
    ratings: 1_000_209,
    licence: "Terms of GroupLens, in the README of the archive; it decides.",
    citation: "F. Maxwell Harper and Joseph A. Konstan. 2015. The MovieLens Datasets: History and Context. ACM "
      + "Transactions on Interactive Intelligent Systems 5(4), 19:1-19:19.",
    doi: "10.1145/2827872",
    ratingsFile: "ratings.dat",
    files: [
      File(
        name: "ml-1m.zip", url: "https://files.grouplens.org/datasets/movielens/ml-1m.zip",
        mirrors: ["https://web.archive.org/web/2024id_/https://files.grouplens.org/datasets/movielens/ml-1m.zip"],
        bytes: 5_917_549,
        sha256: "a6898adb50b9ca05aa231689da44c217cb524e7ebd39d264c56e2832f2c54e20",
        md5: "c4d9eecfca2ab87c1945afe126590906")
    ])

  /// MovieLens 10M (2009).
  public static let movieLens10M = Entry(
    name: "ml-10m",
    title: "MovieLens 10M (2009)",
    page: "https://grouplens.org/datasets/movielens/",
    ratings: 10_000_054,
    licence: "Terms of GroupLens, in the README of the archive; it decides.",
    citation: "F. Maxwell Harper and Joseph A. Konstan. 2015. The MovieLens Datasets: History and Context. ACM "
      + "Transactions on Interactive Intelligent Systems 5(4), 19:1-19:19.",
    doi: "10.1145/2827872",
    ratingsFile: "ratings.dat",
    files: [
      File(
        name: "ml-10m.zip", url: "https://files.grouplens.org/datasets/movielens/ml-10m.zip",
        mirrors: ["https://web.archive.org/web/2024id_/https://files.grouplens.org/datasets/movielens/ml-10m.zip"],
        bytes: 65_566_137,
        sha256: "813c411ccb6122564edfe752e7f80c4dcc5aa25fa94c93622f6877a7ba252862",
        md5: "ce571fd55effeba0271552578f2648bd")
    ])

  /// MovieLens 20M (2015).
  public static let movieLens20M = Entry(
    name: "ml-20m",
    title: "MovieLens 20M (2015)",
    page: "https://grouplens.org/datasets/movielens/",
    ratings: 20_000_263,
    licence: "Terms of GroupLens, in the README of the archive; it decides.",
    citation: "F. Maxwell Harper and Joseph A. Konstan. 2015. The MovieLens Datasets: History and Context. ACM "
      + "Transactions on Interactive Intelligent Systems 5(4), 19:1-19:19.",
    doi: "10.1145/2827872",
    ratingsFile: "ratings.csv",
    files: [
      File(
        name: "ml-20m.zip", url: "https://files.grouplens.org/datasets/movielens/ml-20m.zip",
        mirrors: ["https://web.archive.org/web/2024id_/https://files.grouplens.org/datasets/movielens/ml-20m.zip"],
        bytes: 198_702_078,
        sha256: "96f243c338a8665f6bcc89c53edf6ee39162a846940de6b7c8c48aeada765ff3",
        md5: "cd245b17a1ae2cc31bb14903e1204af3")
    ])

  /// MovieLens 25M (2019).
  public static let movieLens25M = Entry(
    name: "ml-25m",
    title: "MovieLens 25M (2019)",
    page: "https://grouplens.org/datasets/movielens/",
    ratings: 25_000_095,
    licence: "Terms of GroupLens, in the README of the archive; it decides.",
    citation: "F. Maxwell Harper and Joseph A. Konstan. 2015. The MovieLens Datasets: History and Context. ACM "
      + "Transactions on Interactive Intelligent Systems 5(4), 19:1-19:19.",
    doi: "10.1145/2827872",
    ratingsFile: "ratings.csv",
    files: [
      File(
        name: "ml-25m.zip", url: "https://files.grouplens.org/datasets/movielens/ml-25m.zip",
        mirrors: ["https://web.archive.org/web/2024id_/https://files.grouplens.org/datasets/movielens/ml-25m.zip"],
        bytes: 261_978_986,
        sha256: "8b21cfb7eb1706b4ec0aac894368d90acf26ebdfb6aced3ebd4ad5bd1eb9c6aa",
        md5: "6b51fb2759a8657d3bfcbfc42b592ada")
    ])

  /// MovieLens latest-small (September 2018; changes over time).
  public static let movieLensLatestSmall = Entry(
    name: "ml-latest-small",
    title: "MovieLens latest-small (September 2018; changes over time)",
    page: "https://grouplens.org/datasets/movielens/",
    ratings: 100_836,
    licence: "Research use; redistribution only under the same conditions, no commercial use without permission, no "
      + "implied endorsement. The README in the archive decides.",
    citation: "F. Maxwell Harper and Joseph A. Konstan. 2015. The MovieLens Datasets: History and Context. ACM "
      + "Transactions on Interactive Intelligent Systems 5(4), 19:1-19:19.",
    doi: "10.1145/2827872",
    ratingsFile: "ratings.csv",
    files: [
      File(
        name: "ml-latest-small.zip", url: "https://files.grouplens.org/datasets/movielens/ml-latest-small.zip",
        mirrors: [
          "https://web.archive.org/web/2024id_/https://files.grouplens.org/datasets/movielens/ml-latest-small.zip"
        ]),
      File(
        name: "ml-latest-small/README.txt", bytes: 8_342,
        sha256: "63d22ac138e80fae37021797ed8e1b9424b5239dc576a137422adf783ae3f404",
        md5: "9bc20a696092024abe52696ee6c5837f"),
      File(
        name: "ml-latest-small/movies.csv", bytes: 494_431,
        sha256: "5a5f32dd9bb3797b8e728a1b98958789d2b13f294a69fdfbc5727f8a9611aa07",
        md5: "ed94fab72b62442ef8150d9446e000d6"),
      File(
        name: "ml-latest-small/ratings.csv", bytes: 2_483_723,
        sha256: "aa289ca83157595d0df6aea1be6a4ded676ddc4385472e8313a8ed9805352646",
        md5: "325a6f09399d1c45671f187505e1a100"),
    ])

  /// Netflix Prize (2006).
  public static let netflix = Entry(
    name: "netflix",
    title: "Netflix Prize (2006)",
    page: "https://archive.org/details/nf_prize_dataset.tar",
    ratings: 100_480_507,
    licence: "Terms of the Netflix Prize: research use, no redistribution, no commercial use. Netflix no longer "
      + "publishes it; copies of it are not from Netflix.",
    citation: "James Bennett and Stan Lanning. 2007. The Netflix Prize. Proceedings of KDD Cup and Workshop 2007, San "
      + "Jose.",
    ratingsFile: ".",
    files: [
      File(
        name: "nf_prize_dataset.tar.gz",
        url: "https://archive.org/download/nf_prize_dataset.tar/nf_prize_dataset.tar.gz"),
      File(name: "movie_titles.txt", bytes: 577_547, md5: "d2b86d3d9ba8b491d62a85c9cf6aea39"),
      File(name: "probe.txt", bytes: 10_782_692, md5: "ed843ae92adbc70db64edbf825024514"),
      File(name: "qualifying.txt", bytes: 52_452_386, md5: "88be8340ad7b3c31dfd7b6f87e7b9022"),
      File(name: "rmse.pl", bytes: 567, md5: "0e13d39f97b93e2534104afc3408c68c"),
      File(name: "training_set.tar", bytes: 2_081_556_480, md5: "0098ee8997ffda361a59bc0dd1bdad8b"),
    ])

  /// Jester jokes, data set 1 (1999-2003).
  public static let jester1 = Entry(
    name: "jester-1",
    title: "Jester jokes, data set 1 (1999-2003)",
    page: "https://eigentaste.berkeley.edu/dataset/",
    licence: "Free for research use when the paper is cited.",
    citation: "Ken Goldberg, Theresa Roeder, Dhruv Gupta and Chris Perkins. 2001. Eigentaste: A Constant Time "
      + "Collaborative Filtering Algorithm. Information Retrieval 4(2), 133-151.",
    doi: "10.1023/A:1011419012209",
    files: [
      File(
        name: "jester_dataset_1_1.zip", url: "https://eigentaste.berkeley.edu/dataset/jester_dataset_1_1.zip",
        mirrors: [
          "https://eigentaste.berkeley.edu/dataset/archive/jester_dataset_1_1.zip",
          "https://web.archive.org/web/2025id_/https://eigentaste.berkeley.edu/dataset/jester_dataset_1_1.zip",
        ], bytes: 4_171_628, sha256: "cb7841756ded125b15f3d95c9f8241224065e96354c132a46ae4214deeab7615"),
      File(
        name: "jester_dataset_1_2.zip", url: "https://eigentaste.berkeley.edu/dataset/jester_dataset_1_2.zip",
        mirrors: [
          "https://eigentaste.berkeley.edu/dataset/archive/jester_dataset_1_2.zip",
          "https://web.archive.org/web/2025id_/https://eigentaste.berkeley.edu/dataset/jester_dataset_1_2.zip",
        ], bytes: 3_924_205, sha256: "4d312fd824d8c8cb2c9c952a7b1fb7c00d1f5fd3ece370f7285aa701d371748b"),
      File(
        name: "jester_dataset_1_3.zip", url: "https://eigentaste.berkeley.edu/dataset/jester_dataset_1_3.zip",
        mirrors: [
          "https://eigentaste.berkeley.edu/dataset/archive/jester_dataset_1_3.zip",
          "https://web.archive.org/web/2025id_/https://eigentaste.berkeley.edu/dataset/jester_dataset_1_3.zip",
        ], bytes: 2_151_299, sha256: "7f548d3762d3506cf7cd37d8cb9e3adb67984a7da7aa2d2096d5e0b1b884758d"),
    ])
}
