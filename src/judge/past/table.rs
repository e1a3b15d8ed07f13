//! The records by one set of keys: in their order, and where each stands in it.

use std::collections::HashMap;

use crate::policy::FieldId;

use super::order::{Keys, NO_KEY, Ordering};
use super::reach::Place;
use super::times::Times;

/// The records by one set of keys.
#[derive(Debug)]
pub(super) struct Table {
    pub(super) fields: Vec<FieldId>,
    stands: Stands,
    /// Those whose times are known to the tick, and those that have a day.
    pub(super) orders: [Ordering; 2],
}

/// Where each record stands.
#[derive(Debug)]
enum Stands {
    /// Nothing is asked of their order: the number of the key of each.
    ByKey(Vec<u32>),
    /// The position of each: in the first order, or behind all of those in the second.
    ByPlace {
        places: Vec<u32>,
        /// The keys of those that have no place.
        apart: HashMap<u32, u32>,
    },
}

impl Table {
    /// Puts records in order; `is_asked`: whether it is asked what lies in a window of theirs.
    pub(super) fn new(keys: Keys, times: &Times, is_asked: bool) -> Self {
        let fields = keys.fields.clone();
        if !is_asked {
            return Self { fields, stands: Stands::ByKey(keys.close()), orders: Default::default() };
        }
        let orders = [false, true].map(|of_days| Ordering::new(&keys, times, of_days));
        let mut places = keys.close();
        let mut apart: HashMap<u32, u32> = HashMap::new();
        let has_place = |record: u32| orders.iter().any(|order| order.time(record, times).is_some());
        for (record, key) in (0..).zip(&mut places).filter(|(_, key)| **key != NO_KEY) {
            if !has_place(record) {
                apart.insert(record, *key);
                *key = NO_KEY;
            }
        }
        for (record, place) in orders.iter().flat_map(Ordering::records).zip(0..) {
            if let Some(of_record) = places.get_mut(*record as usize) {
                *of_record = place;
            }
        }
        Self { fields, stands: Stands::ByPlace { places, apart }, orders }
    }

    /// Gives the number of a record's key.
    pub(super) fn key(&self, record: u32) -> Option<u32> {
        match &self.stands {
            Stands::ByKey(keys) => keys.get(record as usize).copied().filter(|key| *key != NO_KEY),
            Stands::ByPlace { apart, .. } => match self.own(record) {
                [Some(at), _] => self.orders[0].key_at(at),
                [_, Some(at)] => self.orders[1].key_at(at),
                _ => apart.get(&record).copied(),
            },
        }
    }

    /// Gives the position of a record in the order in which it stands.
    fn own(&self, record: u32) -> [Option<usize>; 2] {
        let Stands::ByPlace { places, .. } = &self.stands else { return [None; 2] };
        let Some(place) = places.get(record as usize).filter(|place| **place != NO_KEY) else { return [None; 2] };
        let (place, first) = (*place as usize, self.orders[0].records().len());
        if place < first { [Some(place), None] } else { [None, Some(place - first)] }
    }

    /// Gives the group of a record in both orders, and where it stands there.
    pub(super) fn group<'t>(&'t self, key: u32, record: u32, times: &'t Times) -> [Place<'t>; 2] {
        let ([ticks, days], [own, own_day]) = (&self.orders, self.own(record));
        [(ticks, own), (days, own_day)].map(|(order, own)| Place { order, times, key, own })
    }
}
