import Testing

/// Errors in units of 10^-15 and what rational arithmetic gives for them.
///
/// Computed with Python's `fractions.Fraction`, `math.isqrt` and a 120-digit `decimal` square root; the Doubles are the
/// nearest ones, written in hexadecimal. Random errors come from `random.Random(20090726)`.
struct RationalCase: Sendable, CustomTestStringConvertible {
  var errors: [Int64]
  var rmse, mse, mae, bias: Double
  var rounded4, rounded15, rounded0, mae4: String

  init(
    _ errors: [Int64], rmse: Double, mse: Double, mae: Double, bias: Double, rounded4: String, rounded15: String,
    rounded0: String, mae4: String
  ) {
    self.errors = errors
    (self.rmse, self.mse, self.mae, self.bias) = (rmse, mse, mae, bias)
    (self.rounded4, self.rounded15, self.rounded0, self.mae4) = (rounded4, rounded15, rounded0, mae4)
  }

  var testDescription: String { "\(errors.count) errors, RMSE \(rmse)" }

  static let all: [RationalCase] = [
    RationalCase(
      [0],
      rmse: 0, mse: 0, mae: 0, bias: 0,
      rounded4: "0.0000", rounded15: "0.000000000000000", rounded0: "0", mae4: "0.0000"),
    RationalCase(
      [1],
      rmse: 0x1.203af9ee75616p-50, mse: 0x1.4484bfeebc2a0p-100, mae: 0x1.203af9ee75616p-50,
      bias: 0x1.203af9ee75616p-50,
      rounded4: "0.0000", rounded15: "0.000000000000001", rounded0: "0", mae4: "0.0000"),
    RationalCase(
      [2_000_000_000_000_000_000],
      rmse: 0x1.f400000000000p+10, mse: 0x1.e848000000000p+21, mae: 0x1.f400000000000p+10,
      bias: 0x1.f400000000000p+10,
      rounded4: "2000.0000", rounded15: "2000.000000000000000", rounded0: "2000", mae4: "2000.0000"),
    RationalCase(
      [2_000_000_000_000_000_000, -2_000_000_000_000_000_000, 1],
      rmse: 0x1.983f8ff6be335p+10, mse: 0x1.4585555555555p+21, mae: 0x1.4d55555555555p+10,
      bias: 0x1.804ea293472c7p-52,
      rounded4: "1632.9932", rounded15: "1632.993161855452065", rounded0: "1633", mae4: "1333.3333"),
    RationalCase(
      [857_250_000_000_000],
      rmse: 0x1.b6e978d4fdf3bp-1, mse: 0x1.7841df3300de5p-1, mae: 0x1.b6e978d4fdf3bp-1, bias: 0x1.b6e978d4fdf3bp-1,
      rounded4: "0.8573", rounded15: "0.857250000000000", rounded0: "1", mae4: "0.8573"),
    RationalCase(
      [857_249_999_999_999],
      rmse: 0x1.b6e978d4fdf32p-1, mse: 0x1.7841df3300dd5p-1, mae: 0x1.b6e978d4fdf32p-1, bias: 0x1.b6e978d4fdf32p-1,
      rounded4: "0.8572", rounded15: "0.857249999999999", rounded0: "1", mae4: "0.8572"),
    RationalCase(
      [-857_250_000_000_000, -857_250_000_000_000, -857_250_000_000_000, -857_250_000_000_000],
      rmse: 0x1.b6e978d4fdf3bp-1, mse: 0x1.7841df3300de5p-1, mae: 0x1.b6e978d4fdf3bp-1, bias: -0x1.b6e978d4fdf3bp-1,
      rounded4: "0.8573", rounded15: "0.857250000000000", rounded0: "1", mae4: "0.8573"),
    RationalCase(
      [857_250_000_000_000, 857_250_000_000_000, 857_250_000_000_000, 857_249_999_999_999],
      rmse: 0x1.b6e978d4fdf39p-1, mse: 0x1.7841df3300de1p-1, mae: 0x1.b6e978d4fdf39p-1, bias: 0x1.b6e978d4fdf39p-1,
      rounded4: "0.8572", rounded15: "0.857250000000000", rounded0: "1", mae4: "0.8572"),
    RationalCase(
      [857_250_000_000_000, 857_250_000_000_000, 857_250_000_000_000, -857_250_000_000_001],
      rmse: 0x1.b6e978d4fdf3ep-1, mse: 0x1.7841df3300de9p-1, mae: 0x1.b6e978d4fdf3ep-1, bias: 0x1.b6e978d4fdf37p-2,
      rounded4: "0.8573", rounded15: "0.857250000000000", rounded0: "1", mae4: "0.8573"),
    RationalCase(
      [500_000_000_000_000],
      rmse: 0x1.0000000000000p-1, mse: 0x1.0000000000000p-2, mae: 0x1.0000000000000p-1, bias: 0x1.0000000000000p-1,
      rounded4: "0.5000", rounded15: "0.500000000000000", rounded0: "1", mae4: "0.5000"),
    RationalCase(
      [-500_000_000_000_000, 500_000_000_000_000, 1],
      rmse: 0x1.a20bd700c2c3ep-2, mse: 0x1.5555555555555p-3, mae: 0x1.555555555555bp-2, bias: 0x1.804ea293472c7p-52,
      rounded4: "0.4082", rounded15: "0.408248290463863", rounded0: "0", mae4: "0.3333"),
    RationalCase(
      [3, -4],
      rmse: 0x1.fd862da202956p-49, mse: 0x1.fb0f6be506019p-97, mae: 0x1.f86735614d6a6p-49,
      bias: -0x1.203af9ee75616p-51,
      rounded4: "0.0000", rounded15: "0.000000000000004", rounded0: "0", mae4: "0.0000"),
    RationalCase(
      [1_200_000_000_000_000, 100_000_000_000_000, 1_000_000_000_000_000],
      rmse: 0x1.ceb141cf4affep-1, mse: 0x1.a222222222222p-1, mae: 0x1.8888888888889p-1, bias: 0x1.8888888888889p-1,
      rounded4: "0.9037", rounded15: "0.903696114115064", rounded0: "1", mae4: "0.7667"),
    RationalCase(
      [-984, -899],
      rmse: 0x1.09474f67e1f38p-40, mse: 0x1.12e4b642360adp-80, mae: 0x1.0902398b9f2c6p-40,
      bias: -0x1.0902398b9f2c6p-40,
      rounded4: "0.0000", rounded15: "0.000000000000942", rounded0: "0", mae4: "0.0000"),
    RationalCase(
      [-41_588_661_171_061, 11_598_493_634_515],
      rmse: 0x1.f43369f887e69p-6, mse: 0x1.e8ac70231be05p-11, mae: 0x1.b3b58c4ea1b1fp-6, bias: -0x1.eb5be131587d4p-7,
      rounded4: "0.0305", rounded15: "0.030529836165555", rounded0: "0", mae4: "0.0266"),
    RationalCase(
      [-392_994_997_285_333, 14_505_162_713_458],
      rmse: 0x1.1cc0a61743c18p-2, mse: 0x1.3cbc017d2cfd2p-4, mae: 0x1.a147b8d13d013p-3, bias: -0x1.8392d6d56b2a4p-3,
      rounded4: "0.2781", rounded15: "0.278078646821940", rounded0: "0", mae4: "0.2038"),
    RationalCase(
      [1_422_315_302_777_128_222, 106_612_817_296_578_910],
      rmse: 0x1.f8466dc72602ep+9, mse: 0x1.f0aab1d02ed3bp+19, mae: 0x1.7e3b6651bcd55p+9, bias: 0x1.7e3b6651bcd55p+9,
      rounded4: "1008.5502", rounded15: "1008.550225156364645", rounded0: "1009", mae4: "764.4641"),
    RationalCase(
      [-748, 514, -866],
      rmse: 0x1.97b8cfc744cedp-41, mse: 0x1.44ae950b79f04p-81, mae: 0x1.8f51b4ed07f43p-41,
      bias: -0x1.9cd478a43574cp-42,
      rounded4: "0.0000", rounded15: "0.000000000000724", rounded0: "0", mae4: "0.0000"),
    RationalCase(
      [68_396_953_509_234, -71_076_489_249_585, -6_159_195_519_932],
      rmse: 0x1.d37209bd1d7d9p-5, mse: 0x1.aac4a12a5332ap-9, mae: 0x1.8dac97c6cc9e3p-5, bias: -0x1.822b89224fefbp-9,
      rounded4: "0.0571", rounded15: "0.057061213513336", rounded0: "0", mae4: "0.0485"),
    RationalCase(
      [-247_082_941_483_550, 237_695_453_408_829, -798_558_875_101_881],
      rmse: 0x1.00e4c66be6acap-1, mse: 0x1.01ca5949d7574p-2, mae: 0x1.b60bb8c5d1544p-2, bias: -0x1.13c76e33b001bp-2,
      rounded4: "0.5017", rounded15: "0.501745415374296", rounded0: "1", mae4: "0.4278"),
    RationalCase(
      [-524_668_905_147_900_542, 431_860_764_094_001_983, -499_882_351_586_917_359],
      rmse: 0x1.e70db6df6e28ep+8, mse: 0x1.cf52974115399p+17, mae: 0x1.e5787e10d059dp+8, bias: -0x1.8b2082c01ef49p+7,
      rounded4: "487.0536", rounded15: "487.053571667093704", rounded0: "487", mae4: "485.4707"),
    RationalCase(
      [502, -760, -585, -818, -205],
      rmse: 0x1.5977b9162416cp-41, mse: 0x1.d233e8db45abep-82, mae: 0x1.43221e3255982p-41,
      bias: -0x1.a42f938da0b7fp-42,
      rounded4: "0.0000", rounded15: "0.000000000000614", rounded0: "0", mae4: "0.0000"),
    RationalCase(
      [10_683_172_993_824, -39_260_714_601_457, -21_952_323_517_287, -47_971_335_993_250, 85_972_447_885_337],
      rmse: 0x1.8e787f3128047p-5, mse: 0x1.361d721a2ada9p-9, mae: 0x1.513f8d2ada6c3p-5, bias: -0x1.486f0a286a170p-9,
      rounded4: "0.0486", rounded15: "0.048641441747578", rounded0: "0", mae4: "0.0412"),
    RationalCase(
      [-440_908_201_766_639, 463_844_770_139_384, -26_020_326_198_369, 817_960_677_480_502, -559_980_782_230_159],
      rmse: 0x1.0e3be063aeb98p-1, mse: 0x1.1d425b5377308p-2, mae: 0x1.d8d324f07c8fep-2, bias: 0x1.a19f305a57795p-5,
      rounded4: "0.5278", rounded15: "0.527800571602131", rounded0: "1", mae4: "0.4617"),
    RationalCase(
      [
        -1_096_051_440_261_399_585, -1_863_339_304_436_844_050, 1_878_103_752_223_663_898, -622_843_597_656_390_015,
        -282_949_885_414_269_491,
      ],
      rmse: 0x1.492d763a9ab81p+10, mse: 0x1.a745e1f568e1ap+20, mae: 0x1.1f2a160d86e62p+10,
      bias: -0x1.8d6a85358562dp+8,
      rounded4: "1316.7103", rounded15: "1316.710341120808466", rounded0: "1317", mae4: "1148.6576"),
    RationalCase(
      [
        -360_716_927_202_045, -303_990_579_737_956, 972_723_033_739_996, -667_688_859_223_019, -869_800_639_141_068,
        872_366_674_806_231,
        -617_157_513_023_426,
      ],
      rmse: 0x1.6ab5aca3f7f31p-1, mse: 0x1.00f32696a6c26p-1, mae: 0x1.552bb816fb84ap-1, bias: -0x1.1d0ac39b0891bp-3,
      rounded4: "0.7084", rounded15: "0.708417315498059", rounded0: "1", mae4: "0.6663"),
    RationalCase(
      [
        32_611_191_129_853_344, 206_202_952_596_083_138, -75_082_254_915_703_203, -1_711_486_612_052_550_893,
        -628_348_466_226_476_431,
        432_947_502_213_919_895, -1_409_754_826_743_927_120,
      ],
      rmse: 0x1.bd22b9fb2f5a0p+9, mse: 0x1.8300dfa4983a4p+19, mae: 0x1.412c80fe35809p+9, bias: -0x1.c26a71104a334p+8,
      rounded4: "890.2713", rounded15: "890.271300695534636", rounded0: "890", mae4: "642.3477"),
    RationalCase(
      [
        -692_362_164_958_938, -369_715_484_549_956, -540_378_452_054_724, -726_923_452_518_911, 384_318_834_745_417,
        -186_010_385_546_139,
        216_559_115_201_630, -546_501_215_679_939, -207_643_454_317_756, 719_316_613_321_745, -268_366_263_371_143,
      ],
      rmse: 0x1.f18b18efd5d7fp-2, mse: 0x1.e37eb133a9983p-3, mae: 0x1.c43e98e72191ap-2, bias: -0x1.9ce5871d65093p-3,
      rounded4: "0.4859", rounded15: "0.485882177008044", rounded0: "0", mae4: "0.4416"),
    RationalCase(
      [
        1_286_845_523_502_613_311, -1_495_987_278_399_533_458, -250_836_270_584_168_972, -1_639_567_984_815_827_618,
        -1_299_302_832_329_173_541,
        -1_185_105_875_966_793_651, -1_869_064_240_637_206_358, -1_279_812_869_873_197_140, -1_941_676_396_192_717_475,
        -1_267_295_594_160_462_801,
        -866_601_403_210_082_295,
      ],
      rmse: 0x1.5964aa77f9ac6p+10, mse: 0x1.d2007b0cfe315p+20, mae: 0x1.46dda6a97aa23p+10,
      bias: -0x1.0c5f72d55e485p+10,
      rounded4: "1381.5729", rounded15: "1381.572904580899940", rounded0: "1382", mae4: "1307.4633"),
    RationalCase(
      [
        -751_666_740_900_327, 121_326_238_692_562, -282_089_264_962_351, -386_641_928_651_744, 570_967_514_765_644,
        -672_920_755_049_150,
        287_251_274_446_774, 268_849_245_253_831, -759_901_185_444_615, 773_221_460_932_859, 529_363_046_232_529,
        -711_591_006_138_043,
        -720_599_911_762_781, 776_949_912_251_123, 479_541_684_374_897, -402_136_767_478_067,
      ],
      rmse: 0x1.246a4126f226ap-1, mse: 0x1.4e0290badd3d8p-2, mae: 0x1.0fd72fdb79819p-1, bias: -0x1.c2997a01a25b4p-5,
      rounded4: "0.5711", rounded15: "0.571123157505167", rounded0: "1", mae4: "0.5309"),
    RationalCase(
      [
        -1_129_298_232_403_199_160, -777_171_555_669_338_488, 690_782_846_638_208_924, -1_987_492_712_170_051_787,
        -1_837_697_766_598_448_774,
        -247_472_588_047_608_660, -1_738_506_390_651_138_453, -386_295_328_948_971_835, -507_725_561_457_841_656,
        -1_444_192_423_848_704_272,
        -1_535_576_729_307_045_966, -984_438_913_649_499_997, 1_830_383_718_071_857_962, -1_151_042_862_260_813_256,
        1_237_867_759_345_962_041,
        1_799_383_773_340_720_039,
      ],
      rmse: 0x1.4ae930d52193bp+10, mse: 0x1.abbe064f67d88p+20, mae: 0x1.2d55510ff35e0p+10,
      bias: -0x1.fe87e33202c56p+8,
      rounded4: "1323.6436", rounded15: "1323.643605501928287", rounded0: "1324", mae4: "1205.3331"),
  ]
}
