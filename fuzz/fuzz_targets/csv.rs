#![no_main]

use forbear::log::Format;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    forbear_fuzz::log(bytes, Format::Csv);
    forbear_fuzz::both_ways(bytes, Format::Csv);
});
