import type { valueMakers } from "../../../bench/matcher/valueMakers.ts";

/** What a column's values are about: one of the bench's makers, or one that only typed columns need. */
export type ValueSort = keyof typeof valueMakers | "flag" | "labels" | "list" | "object" | "moment";

/** A column of the catalog. */
export interface CatalogColumn {
  readonly name: string;
  /** As DDL writes it; of an enum its labels, `enum:a,b`. */
  readonly type: string;
  readonly sort: ValueSort;
  readonly isNullable: boolean;
  /** A literal of SQL. */
  readonly defaultSql?: string;
}

/** A table of one business; the first column is its key. */
export interface CatalogTable {
  readonly name: string;
  readonly columns: readonly CatalogColumn[];
}

// table: name type sort [!: not null] [=default]; twins stand side by side on purpose
const text = `
orders
order_id uuid uuid !
order_number text code
customer_name text person !
customer_email text email
status enum:pending,in_progress,shipped,cancelled status
quantity integer quantity !
unit_price numeric(12,2) money
total_amount numeric(12,2) money
discount_percent numeric(5,2) percent
currency text currency ='EUR'
billing_city text city
shipping_city text city
billing_address text address
shipping_address text address
placed_at timestamptz moment
shipped_at timestamptz moment
is_gift boolean flag
remarks text sentence
attributes jsonb object
labels text[] list

customers
customer_id bigint serial !
first_name text first !
last_name text last !
email text email
backup_email text email
home_phone text phone
mobile_phone text phone
birth_date date birth
loyalty_points integer count
credit_limit numeric(10,2) money
country text country
preferred_language text language
is_subscribed boolean flag =false
created_at timestamptz moment
updated_at timestamptz moment
address_street text address
address_city text city
address_postcode text postal
preferences jsonb object

products
sku text code !
product_name text product !
brand text brand
category text category
price numeric(10,2) money !
old_price numeric(10,2) money
stock_level integer count
reorder_level integer quantity
weight_grams integer count
color text color
image_url text image
page_url text url
average_rating numeric(3,1) stars
review_count bigint count
is_discontinued boolean flag
released_on date date
retired_on date date
dimensions jsonb object
keywords text[] list

invoices
invoice_number text code !
supplier_name text company !
buyer_name text company
net_amount numeric(12,2) money
gross_amount numeric(12,2) money
tax_rate numeric(5,2) percent
due_date date date
paid_date date date
issued_at timestamp moment
state enum:draft,sent,paid,written_off status !
reference text code
purchase_order text code
reminder_count smallint level
is_disputed boolean flag
payment_terms varchar(40) category
line_items jsonb object

shipments
tracking_code text code !
carrier text brand
origin_city text city
destination_city text city
origin_country text country
destination_country text country
dispatched_at timestamptz moment
delivered_at timestamptz moment
parcel_count integer quantity !
gross_weight double precision fraction
net_weight double precision fraction
insured_value numeric(12,2) money
is_fragile boolean flag
stage enum:packed,in_transit,delivered,returned status
recipient_name text person
sender_name text person
route text[] list
customs jsonb object

employees
employee_number bigint serial !
given_name text first !
family_name text last !
work_email text email
private_email text email
department varchar(30) category
job_title text title
manager_name text person
hired_on date date
left_on date date
base_salary integer salary
bonus integer salary
vacation_days smallint level
is_remote boolean flag
office_city text city
home_city text city
last_seen_at timestamptz moment
skills text[] list

tickets
ticket_id uuid uuid !
subject text title !
body text sentence
priority enum:low,normal,high,urgent status
reporter text person
assignee text person
opened_at timestamptz moment
closed_at timestamptz moment
response_minutes integer count
resolution_minutes integer count
satisfaction numeric(3,1) stars
is_escalated boolean flag =false
channel text category
product_area text category
internal_note text sentence
public_note text sentence
watchers text[] list
context jsonb object

subscriptions
subscription_id uuid uuid !
account_name text company !
plan_name text category
seats integer quantity
monthly_fee numeric(9,2) money
yearly_fee numeric(9,2) money
start_date date date
end_date date date
trial_start timestamptz moment
trial_end timestamptz moment
billing_country text country
service_country text country
renewal_status enum:active,grace_period,cancelled status !
auto_renew boolean flag =true
coupon_code text code
voucher_code text code
settings jsonb object

bookings
booking_ref text code !
guest_name text person !
guest_email text email
guest_phone text phone
check_in date date
check_out date date
adults smallint level
children smallint level
room_rate numeric(8,2) money
cleaning_fee numeric(8,2) money
city_tax numeric(8,2) money
arrival_time timestamptz moment
departure_time timestamptz moment
is_refundable boolean flag
special_requests text sentence
booking_state enum:held,confirmed,checked_in,cancelled status
address_line_1 text address
address_line_2 text address

properties
listing_id bigint serial !
headline text title !
asking_price bigint salary
sold_price bigint salary
floor_area integer count
plot_area integer count
bedrooms smallint level
bathrooms smallint level
latitude numeric(9,6) latitude
longitude numeric(9,6) longitude
energy_class varchar(12) code
built_year integer year
renovated_year integer year
agent_name text person
owner_name text person
listed_on date date
is_furnished boolean flag
street text address
district text city
features text[] list

payments
payment_id uuid uuid !
payer_name text person
payee_name text person
amount numeric(14,2) money !
fee_amount numeric(14,2) money
refund_amount numeric(14,2) money
exchange_rate double precision fraction
method enum:card,bank_transfer,cash,wallet category
authorised_at timestamptz moment
captured_at timestamptz moment
settled_on date date
iban varchar(34) code
merchant_code text code
terminal_code text code
is_recurring boolean flag
risk_score smallint level
gateway_response jsonb object

readings
reading_id bigint serial !
sensor_code text code !
station_name text city
air_temperature double precision temperature
water_temperature double precision temperature
humidity numeric(5,2) percent
battery_level smallint level
signal_level smallint level
min_value numeric(9,3) fraction
max_value numeric(9,3) fraction
measured_at timestamptz moment !
received_at timestamptz moment
is_calibrated boolean flag
firmware text code
operator_name text person
quality enum:good,suspect,bad status
raw_values jsonb object

articles
slug text handle !
title text title !
subtitle text title
author text person
editor text person
abstract text sentence
content text paragraph
language text language
view_count bigint bigCount
like_count bigint count
published_at timestamptz moment
archived_at timestamptz moment
word_count integer count
cover_image text image
canonical_url text url
is_featured boolean flag
phase enum:draft,in_review,published,archived status
topics text[] list
seo jsonb object

suppliers
supplier_code text code !
company_name text company !
contact_name text person
contact_email text email
contact_phone text phone
fax_number text phone
primary_city text city
secondary_city text city
delivery_days smallint level
payment_days smallint level
credit_rating varchar(10) code
first_order_date date date
last_order_date date date
annual_revenue bigint salary
annual_budget bigint salary
is_approved boolean flag =false
certificates text[] list
bank_details jsonb object
`;

function readColumn(line: string): CatalogColumn {
  const match = /^(\S+) (\S+(?: precision)?) (\S+)( !)?(?: =(\S+))?$/.exec(line);
  if (match === null) throw new Error(`Cannot read the catalog's line: '${line}'`);
  const [, name, type, sort, required, defaultSql] = match;
  const isLabels = type!.startsWith("enum:");
  return {
    name: name!,
    type: type!,
    sort: isLabels ? "labels" : sort as ValueSort,
    isNullable: required === undefined,
    ...(defaultSql === undefined ? {} : { defaultSql }),
  };
}

/** Tables of fourteen businesses; near-twins stand in most of them. */
export const tableCatalog: readonly CatalogTable[] = text.trim().split("\n\n").map((block) => {
  const [name, ...lines] = block.split("\n");
  return { name: name!, columns: lines.map(readColumn) };
});
