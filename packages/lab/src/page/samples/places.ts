export interface Place {
  title: string
  address: string
  latitude: number
  longitude: number
}

export const samplePlaces: [Place, ...Place[]] = [
  { title: 'Tokyo Station', address: '1 Chome Marunouchi, Chiyoda City, Tokyo', latitude: 35.6812, longitude: 139.7671 },
  { title: 'Seoul City Hall', address: '110 Sejong-daero, Jung-gu, Seoul', latitude: 37.5663, longitude: 126.9779 },
  { title: 'Ben Thanh Market', address: 'Quan 1, Ho Chi Minh City', latitude: 10.7725, longitude: 106.698 },
  { title: 'Victoria Peak', address: 'Peak Road, Hong Kong', latitude: 22.2759, longitude: 114.1455 },
  { title: 'Amsterdam Centraal', address: 'Stationsplein, Amsterdam', latitude: 52.3791, longitude: 4.9003 },
]
